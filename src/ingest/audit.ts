import type { Principal, TrailEventInput, TrailRecorder } from "../contract/index.ts";
import { trailIdentityOf } from "../trail/index.ts";
import { type IngestRefusal, toRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

/** What a record tells of a request with an API key. */
export interface KeyUse {
  readonly principal: Principal;
  /** Undefined when the request named none, or an impossible one. */
  readonly target: Target | undefined;
  readonly path: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/**
 * One CloudTrail data event for each request whose key is one of ours, allowed or not. With `strict` it is on disk before the
 * request goes on, and a request whose record cannot be written is refused.
 */
export interface KeyAudit {
  record(use: KeyUse): Promise<void>;
  /** Nothing is recorded where no decision was made, because a store did not answer. */
  recordRefused(use: KeyUse, error: unknown): Promise<void>;
}

const eventSource = "logs.amazonaws.com";
const apiVersion = "20140328";

export function createKeyAudit(deps: {
  recorder: Pick<TrailRecorder, "note" | "write">;
  now: () => number;
  groupArn: (group: string) => string;
  strict: boolean;
}): KeyAudit {
  const { recorder, now, groupArn, strict } = deps;
  const record = async (use: KeyUse, refusal?: IngestRefusal): Promise<void> => {
    const { target, principal } = use;
    const event: TrailEventInput = {
      eventTimeMs: now(),
      eventSource,
      eventName: "CallWithBearerToken",
      userIdentity: trailIdentityOf(principal),
      sourceIPAddress: use.sourceIp,
      userAgent: use.userAgent,
      requestId: use.requestId,
      readOnly: false,
      eventCategory: "Data",
      requestParameters: target ? { logGroupName: target.group, logStreamName: target.stream } : null,
      resources: target ? [{ type: "AWS::Logs::LogGroupAuthorization", ARN: groupArn(target.group) }] : [],
      additionalEventData: { bearerTokenType: "ACWL", path: use.path },
      apiVersion,
    };
    const result = refusal ? { errorCode: errorCodeOf(refusal), errorMessage: refusal.message } : {};
    if (strict) await recorder.write(event, { responseElements: null, ...result });
    else recorder.note(event, { responseElements: null, ...result });
  };
  return {
    record: (use) => record(use),
    recordRefused: async (use, error) => {
      const refusal = toRefusal(error);
      if (refusal.spec.status < 500) await record(use, refusal);
    },
  };
}

/** CloudTrail writes AccessDenied where the API says AccessDeniedException. */
function errorCodeOf({ spec }: IngestRefusal): string {
  return spec.status === 401 || spec.status === 403 ? "AccessDenied" : spec.aws;
}
