import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { serializerCompiler } from "fastify-type-provider-zod";
import type { z } from "zod";
import { AppError } from "../../base/index.ts";
import { type AccessQuestion, idempotencyKey, type Principal } from "../../contract/index.ts";
import type { RestAudit } from "../audit/rest-audit.ts";
import { resolveCaller } from "../callers/caller.ts";
import { checkCsrf, checkOrigin } from "../callers/csrf.ts";
import type { CallerDeps } from "../callers/method.ts";
import { checkInput, validationFailed } from "../input/field-problems.ts";
import { protocolOf } from "../protocols/select.ts";
import type { Exchange, Facts, Route } from "../route.ts";
import { answersOf } from "./output-schema.ts";
import { addressOf, factsOf } from "./request-facts.ts";
import type { RequestRates } from "./request-rates.ts";

export interface RouteDeps extends CallerDeps {
  readonly rates: RequestRates;
  /** Throws `access_denied`. */
  authorize(principal: Principal, question: AccessQuestion, facts: Facts): Promise<void> | void;
  readonly audit: RestAudit;
  readonly publicUrl?: string | undefined;
}

/** Puts the hooks of each route between those of the server: caller, input, policy, handler, output. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[], deps: RouteDeps): void {
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => {
    const place = places[httpPart ?? ""] ?? "request";
    return (value) => {
      const result = schema.safeParse(value);
      return result.success ? { value: result.data } : { error: validationFailed(result.error, place) };
    };
  });
  app.setSerializerCompiler(serializerCompiler);
  for (const route of routes) registerRoute(app, route, deps);
}

const places: Readonly<Record<string, string>> = {
  body: "body",
  querystring: "query",
  params: "path",
};

function registerRoute(app: FastifyInstance, route: Route, deps: RouteDeps): void {
  const protocol = protocolOf(route.path);
  app.route({
    method: route.method,
    url: route.path,
    config: { route },
    schema: schemaOf(route),
    onRequest: async (request) => {
      if (route.anonymous) {
        deps.rates.take(`address ${addressOf(request)}`);
        return checkOrigin(request, deps.publicUrl);
      }
      const { principal, session } = await resolveCaller(request, deps).catch((error: unknown) => {
        // Whoever proves nothing shares the limit of the address; a known caller never does, whatever proxy he comes through.
        deps.rates.take(`address ${addressOf(request)}`);
        throw error;
      });
      request.state.caller = principal;
      deps.rates.take(principal.arn);
      if (!session) return;
      checkCsrf(request, session.csrfToken, deps.publicUrl);
      request.state.session = session;
    },
    preValidation: async (request) => {
      if (route.bodyOptional) request.body ??= {};
    },
    preHandler: async (request) => {
      const { caller } = request.state;
      if (!caller) return;
      try {
        await authorizeCaller(request, route, caller, deps);
      } catch (error) {
        await deps.audit.refused(request, route, error);
        throw error;
      }
    },
    handler: async (request, reply) => {
      const { params, query, body } = request;
      const input = { params, query, body } as never;
      const { exchange, handOutCookies } = exchangeOf(request, reply, deps);
      const result = await deps.audit.run(request, route, async () =>
        route.handle(input, request.state.caller, exchange),
      );
      handOutCookies();
      if (route.textType) return reply.type(route.textType).send(result);
      if (route.csv && wantsCsv(request)) {
        return reply.type("text/csv; charset=utf-8").send(route.csv(result));
      }
      return protocol.writeResult(result);
    },
  });
}

async function authorizeCaller(
  request: FastifyRequest,
  route: Route,
  caller: Principal,
  deps: RouteDeps,
): Promise<void> {
  const { params, query, body } = request;
  const facts = factsOf(request);
  const questions = route.access
    ? await route.access({ params, query, body } as never, caller, facts)
    : [{ action: route.operation, resource: "*" }];
  request.state.questions = questions;
  for (const question of questions) await deps.authorize(caller, question, facts);
}

function schemaOf(route: Route) {
  const { params, query, body } = route;
  return {
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    response: answersOf(route),
    tags: [route.tag],
  };
}

/** By header for programs, by `format=csv` for links. */
function wantsCsv(request: FastifyRequest): boolean {
  const { format } = request.query as { format?: unknown };
  return format === "csv" || /\btext\/csv\b/i.test(request.headers.accept ?? "");
}

/** Cookies wait until the call is on record: an answer that says it was not made must not bring a session. */
function exchangeOf(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: RouteDeps,
): { exchange: Exchange; handOutCookies: () => void } {
  const secure = deps.cookieName.startsWith("__Host-");
  const options = { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
  const facts = factsOf(request);
  let handOutCookies = () => {};
  const exchange: Exchange = {
    address: request.socket.remoteAddress ?? "",
    ...(request.state.session && { session: request.state.session }),
    facts,
    authorize: async (question) => {
      const { caller } = request.state;
      if (!caller) throw new AppError("access_denied");
      await deps.authorize(caller, question, facts);
    },
    idempotencyKey: () => readIdempotencyKey(request.headers["idempotency-key"]),
    setSessionCookie: (value) => {
      handOutCookies = () => void reply.setCookie(deps.cookieName, value, options);
    },
    clearSessionCookie: () => {
      handOutCookies = () => void reply.clearCookie(deps.cookieName, options);
    },
  };
  return { exchange, handOutCookies: () => handOutCookies() };
}

function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  return checkInput(idempotencyKey.optional(), header, "Idempotency-Key");
}
