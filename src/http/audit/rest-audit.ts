import type { FastifyRequest } from "fastify";
import { AppError, type Clock, type Log } from "../../base/index.ts";
import type { Session, TrailEventInput, TrailIdentity, TrailRecorder } from "../../contract/index.ts";
import { trailIdentityOf } from "../../trail/index.ts";
import type { Route } from "../route.ts";
import { hidden } from "./mask.ts";
import { recordChange } from "./recording.ts";
import {
  furtherEventsOf,
  furtherOutcomeWords,
  isDenied,
  isRecorded,
  restEventOf,
  restOutcomeWords,
} from "./rest-event.ts";

export interface RestAuditDeps {
  readonly trail: TrailRecorder;
  readonly accountId: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Records of what was changed, and what was refused, over the REST API. Throws what the trail throws. */
export interface RestAudit {
  /** Runs the handler of a route; one that changes something, between its intent and its outcome. */
  run(request: FastifyRequest, route: Route, handle: () => Promise<unknown>): Promise<unknown>;
  /** For a caller who is known and may not; records nothing of other errors. */
  refused(request: FastifyRequest, route: Route, error: unknown): Promise<void>;
}

/** Without a trail nothing is recorded. */
export function createRestAudit(deps: RestAuditDeps | undefined): RestAudit {
  if (!deps) return { run: (_request, _route, handle) => handle(), refused: async () => {} };
  const { trail, clock } = deps;
  return {
    run: async (request, route, handle) => {
      if (route.operation === "session:Create") return recordSignIn(deps, request, route, handle);
      const { caller } = request.state;
      if (!caller || !isRecorded(route, request.body)) return handle();
      const event = restEventOf(request, route, trailIdentityOf(caller), clock.now());
      const further = furtherEventsOf(request, route, event);
      // One within the other, so that the change is made only when the intent of each is on disk.
      const change = further.reduceRight(
        (inner, each) => () => recordChange(deps, each, furtherOutcomeWords(each), inner),
        handle,
      );
      return recordChange(deps, event, restOutcomeWords(event), change);
    },
    refused: async (request, route, error) => {
      const { caller } = request.state;
      if (!caller || !isDenied(error)) return;
      const event = restEventOf(request, route, trailIdentityOf(caller), clock.now());
      await trail.write(event, restOutcomeWords(event).failure(error));
    },
  };
}

/**
 * Who signed in shows only at the end, so there is one record, written before the cookie is handed out. An attempt
 * that was not even looked at, because there were too many, leaves none.
 */
async function recordSignIn(
  { trail, accountId, clock }: RestAuditDeps,
  request: FastifyRequest,
  route: Route,
  handle: () => Promise<unknown>,
): Promise<unknown> {
  const eventOf = (who: TrailIdentity): TrailEventInput => ({
    ...restEventOf(request, route, who, clock.now()),
    eventSource: "signin.amazonaws.com",
    eventName: "ConsoleLogin",
    readOnly: false,
    requestParameters: null,
    additionalEventData: { MobileVersion: "No", MFAUsed: "No" },
  });
  try {
    const session = (await handle()) as Session;
    await trail.write(eventOf(identityOfSession(session)), {
      responseElements: { ConsoleLogin: "Success" },
    });
    return session;
  } catch (error) {
    if (error instanceof AppError && error.code === "login_failed")
      await trail.write(eventOf(identityOfFailure(error, accountId)), {
        responseElements: { ConsoleLogin: "Failure" },
        errorMessage: "Failed authentication",
      });
    throw error;
  }
}

function identityOfSession({ arn, accountId, user }: Session): TrailIdentity {
  return { type: "IAMUser", principalId: arn, arn, accountId, userName: user };
}

/** Of a name that nobody has nothing is kept: people type their password there. */
function identityOfFailure({ detail: { user } }: AppError, accountId: string): TrailIdentity {
  const userName = typeof user === "string" ? user : hidden;
  return { type: "IAMUser", principalId: "", arn: "", accountId, userName };
}
