import type { Random } from "../src/base/index.ts";
import { ProtocolError } from "../src/protocols/index.ts";

export type FaultKind =
  | "throttle"
  | "error500"
  | "error503"
  | "slow"
  | "hang"
  | "html"
  | "reset"
  | "expired-token"
  | "access-denied"
  | "partial-data";

export interface FaultRule {
  /** Service name of the SigV4 scope; all services when left out. */
  readonly service?: string;
  readonly operation?: string;
  readonly kind: FaultKind;
  /** Part of the matching calls that is hit; all of them when left out. */
  readonly rate?: number;
  /** Number of hits after which the rule is used up. */
  readonly times?: number;
  /** For `slow`. */
  readonly delayMs?: number;
}

export interface ActiveFault {
  readonly kind: FaultKind;
  readonly delayMs: number;
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The first rule that hits this call; counts as one of its `times`. */
  draw(service: string, operation: string | undefined): ActiveFault | undefined;
}

export function createFaults(random: Random): Faults {
  let rules: { rule: FaultRule; left: number }[] = [];
  return {
    add: (rule) => {
      rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    clear: () => {
      rules = [];
    },
    draw: (service, operation) => {
      const hit = rules.find(
        ({ rule }) => matches(rule, service, operation) && random.float() < (rule.rate ?? 1),
      );
      if (!hit) return undefined;
      hit.left--;
      if (hit.left <= 0) rules = rules.filter((entry) => entry !== hit);
      return { kind: hit.rule.kind, delayMs: hit.rule.delayMs ?? 1_000 };
    },
  };
}

function matches(rule: FaultRule, service: string, operation: string | undefined): boolean {
  return (
    (rule.service === undefined || rule.service === service) &&
    (rule.operation === undefined || rule.operation === operation)
  );
}

/** The error that a fault makes of a call; undefined for faults that are not an AWS error. */
export function faultError(kind: FaultKind, service: string): ProtocolError | undefined {
  if (kind === "throttle") return throttled(service);
  if (kind === "error500")
    return new ProtocolError(
      "InternalFailure",
      "The request processing has failed because of an unknown error.",
      {
        status: 500,
      },
    );
  if (kind === "error503")
    return new ProtocolError(
      "ServiceUnavailable",
      "The request has failed due to a temporary failure of the server.",
      {
        status: 503,
      },
    );
  return undefined;
}

/** Each family has its own name for the same refusal. */
function throttled(service: string): ProtocolError {
  const [code, status] = throttles[service] ?? (["ThrottlingException", 400] as const);
  return new ProtocolError(code, "Rate exceeded", { status });
}

const throttles: Readonly<Record<string, readonly [code: string, status: number]>> = {
  ec2: ["RequestLimitExceeded", 503],
  s3: ["SlowDown", 503],
  ce: ["LimitExceededException", 400],
  sts: ["Throttling", 400],
  iam: ["Throttling", 400],
  monitoring: ["Throttling", 400],
};
