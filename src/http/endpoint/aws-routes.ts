import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type AppError, type Clock, createBufferPool } from "../../base/index.ts";
import {
  isFailure,
  ProtocolError,
  parseAuthorization,
  selectDialect,
  sigV4Error,
  type WireRequest,
} from "../../protocols/index.ts";
import type { ErrorAnswer } from "../server/error-form.ts";
import { sendAnswer, translate } from "../server/errors.ts";
import { addressOf, factsOf, queryOf, tlsDetailsOf } from "../server/request-facts.ts";
import { pathOf } from "../server/request-state.ts";
import {
  type Arrival,
  awsWireLimits,
  bearerFailure,
  createAwsDispatcher,
  type DispatcherDeps,
} from "./aws-dispatcher.ts";
import { toProtocolError } from "./aws-errors.ts";
import type { AwsServices } from "./aws-services.ts";
import { contentLengthOf, leaveBodiesUnread, type ReadBody, readBody } from "./body.ts";
import type { BodyBudget } from "./body-budget.ts";

export interface AwsRouteDeps extends DispatcherDeps {
  readonly clock: Clock;
  readonly budget: BodyBudget;
}

const noBody = new Uint8Array();

/** All AWS APIs share one path; a presigned query may come by GET. */
export function addAwsRoutes(app: FastifyInstance, deps: AwsRouteDeps): void {
  const { services, budget, clock } = deps;
  const dispatcher = createAwsDispatcher(deps);
  app.register(async (scope) => {
    leaveBodiesUnread(scope);
    scope.route({
      method: ["GET", "POST"],
      exposeHeadRoute: false,
      url: "/",
      config: { open: "aws-api", writeError: (error, request) => writeFailure(error, request, services) },
      handler: async (request, reply) => {
        const head = headOf(request);
        refuseUnsigned(head, services, deps, request);
        const arrival = arrivalOf(request, clock);
        const response =
          request.method === "GET"
            ? await dispatcher.answer(head, arrival)
            : await withBody(request, reply, budget, (body) => dispatcher.answer({ ...head, body }, arrival));
        return sendAnswer(reply, response);
      },
    });
  });
}

/** Most bodies of AWS calls are small. */
const unpooled = createBufferPool(0);

/** The body is in memory, and counted, until its answer is made. */
async function withBody<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  budget: BodyBudget,
  use: (body: Buffer) => Promise<T>,
): Promise<T> {
  const bytesMax = awsWireLimits.bodyBytesMax;
  const share = budget.open(addressOf(request), Math.min(contentLengthOf(request) ?? 0, bytesMax));
  let body: ReadBody | undefined;
  try {
    body = await readBody(request, reply, { bytesMax, hold: share.hold }, unpooled);
    return await use(body.bytes);
  } finally {
    body?.release();
    share.release();
  }
}

/** Before the body is read: it could prove nothing that the head does not claim. */
function refuseUnsigned(
  head: WireRequest,
  services: AwsServices,
  { rates }: AwsRouteDeps,
  request: FastifyRequest,
): void {
  const authorization = bearerFailure(head.headers.authorization) ?? parseAuthorization(head);
  if (!isFailure(authorization)) return;
  rates.take(`address ${addressOf(request)}`);
  throw sigV4Error(services.select(head).model.authentication, authorization);
}

function arrivalOf(request: FastifyRequest, clock: Clock): Arrival {
  return {
    requestId: request.id,
    facts: { ...factsOf(request), nowMs: clock.now() },
    tlsDetails: tlsDetailsOf(request),
    state: request.state,
  };
}

function headOf(request: FastifyRequest): WireRequest {
  return {
    method: request.method,
    path: pathOf(request),
    query: queryOf(request),
    headers: request.headers as Record<string, string | undefined>,
    body: noBody,
  };
}

/** In the caller's dialect, as far as the head tells it. */
function writeFailure(error: unknown, request: FastifyRequest, services: AwsServices): ErrorAnswer {
  const head = headOf(request);
  const { model } = services.select(head);
  const refusal =
    error instanceof ProtocolError ? error : noteFailure(translate(error), request, model.authentication);
  request.state.errorCode = refusal.code;
  return selectDialect(model, head).writeError(model, refusal, request.id);
}

function noteFailure(
  error: AppError,
  { state }: FastifyRequest,
  style: Parameters<typeof toProtocolError>[1],
): ProtocolError {
  state.error = error;
  return toProtocolError(error, style);
}
