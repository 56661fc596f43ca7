import { ProtocolError } from "../src/protocols/index.ts";
import { unit } from "./signals/hash.ts";

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
  | "partial-data"
  | "internal-error"
  | "token-loop"
  | "dropped-page";

export interface FaultRule {
  /** Service name of the SigV4 scope; all services when left out. */
  readonly service?: string;
  readonly operation?: string;
  readonly kind: FaultKind;
  /** Part of the matching calls that is hit; all of them when left out. */
  readonly rate?: number;
  /** Number of hits after which the rule is used up. */
  readonly times?: number;
  /** Part of the results of a hit call that `partial-data` and `internal-error` spoil; all when left out. */
  readonly resultRate?: number;
  /** For `slow`. */
  readonly delayMs?: number;
}

export interface ActiveFault {
  readonly kind: FaultKind;
  readonly delayMs: number;
  /** Whether the next result of the call is spoiled. */
  hitsResult(): boolean;
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The first rule that hits this call; counts as one of its `times`. */
  draw(service: string, operation: string | undefined): ActiveFault | undefined;
}

/** The same seed and the same calls in the same order meet the same faults. */
export function createFaults(seed: number): Faults {
  let rules: { rule: FaultRule; left: number }[] = [];
  let draws = 0;
  const hits = (rate = 1) => rate >= 1 || unit(seed ^ 0x6a09e667, draws++) < rate;
  return {
    add: (rule) => {
      rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    clear: () => {
      rules = [];
    },
    draw: (service, operation) => {
      const hit = rules.find(({ rule }) => matches(rule, service, operation) && hits(rule.rate));
      if (!hit) return undefined;
      hit.left--;
      if (hit.left <= 0) rules = rules.filter((entry) => entry !== hit);
      const { delayMs = 1_000, kind, resultRate } = hit.rule;
      return { kind, delayMs, hitsResult: () => hits(resultRate) };
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

/** A list whose token leads back to the page just read, or that leaves out a page and goes on behind it. */
export function spoilPage(
  kind: FaultKind | undefined,
  input: { readonly NextToken?: unknown },
  output: { readonly NextToken?: unknown },
): object {
  if (kind === "token-loop")
    return output.NextToken && input.NextToken ? { ...output, NextToken: input.NextToken } : output;
  if (kind !== "dropped-page") return output;
  return Object.fromEntries(
    Object.entries(output).map(([name, value]) => [name, Array.isArray(value) ? [] : value]),
  );
}

/** Each family has its own name for the same refusal. */
export function throttled(service: string): ProtocolError {
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
