import { AppError } from "../base/index.ts";
import type { Run } from "../contract/index.ts";
import {
  type AwsFailure,
  type ClassifyFailure,
  type CollectProblem,
  type CollectResult,
  CredentialsFailure,
  type Pause,
  RunLostError,
} from "../integrations/index.ts";

/** How a run ended, in the words of the run's record. */
export interface Ending {
  readonly state: Exclude<Run["state"], "running">;
  readonly error: Run["error"];
  readonly disable: boolean;
  /** The trouble passes by itself: throttling, the network, our own stores. */
  readonly transient: boolean;
  readonly behind: boolean;
}

/** The server stops; what the run has stored stays, the rest comes after the next start. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

export class RunTimeoutError extends Error {
  override readonly name = "RunTimeoutError";
}

const transientCauses: readonly string[] = ["THROTTLED", "NETWORK", "TLS", "PROXY", "CLOCK"];

export function endingOfResult(result: CollectResult): Ending {
  const [first] = result.problems;
  if (!first)
    return { state: "succeeded", error: null, disable: false, transient: false, behind: result.behind };
  return {
    state: result.someComplete || result.someStored ? "partial" : "failed",
    error: errorOf(first, result.problems.length - 1),
    disable: false,
    transient: result.problems.some(({ failure }) => transientCauses.includes(failure.cause)),
    behind: false,
  };
}

/**
 * What was stored before the money ran out stays, and what was not asked for is no fault. Credentials that were refused
 * meanwhile, and a stop of the server, are told as they are.
 */
export function endingOfPause(ending: Ending, { reason }: Pause): Ending {
  if (ending.disable || ending.state === "abandoned") return ending;
  const failure: AwsFailure = {
    cause: "LOCAL_CONFIG",
    rawCode: "monthly_cap",
    message: reason,
    advice: [
      "Raise or remove the monthly cap, or make the integration cost less; what was missed is then read.",
    ],
    disables: false,
  };
  return { ...ended("partial", failure, { transient: false }), behind: false };
}

/** Undefined when the run belongs to somebody else now and must not be recorded. */
export function endingOfError(error: unknown, classify: ClassifyFailure): Ending | undefined {
  if (error instanceof RunLostError) return undefined;
  if (error instanceof StoppedError) return ended("abandoned", stopped, { transient: false });
  if (error instanceof RunTimeoutError) return ended("failed", tooLong, { transient: false });
  if (error instanceof CredentialsFailure) {
    return { ...ended("failed", error.failure, { transient: false }, error.region), disable: true };
  }
  if (error instanceof AppError && error.code !== "credentials_rejected") {
    return ended("failed", ours(error), { transient: storeTrouble.includes(error.code) });
  }
  const failure = classify(error);
  const transient = transientCauses.includes(failure.cause);
  return { ...ended("failed", failure, { transient }), disable: failure.disables };
}

const storeTrouble: readonly string[] = ["store_unavailable", "storage_full", "overloaded"];

function ended(
  state: "failed" | "partial" | "abandoned",
  failure: AwsFailure,
  { transient }: { transient: boolean },
  region: string | null = null,
): Ending {
  return { state, error: errorOf({ failure, region }, 0), disable: false, transient, behind: false };
}

function errorOf({ failure, region, account }: CollectProblem, others: number): NonNullable<Run["error"]> {
  const { cause, rawCode, advice } = failure;
  const message = account ? `${nameOf(account)}: ${failure.message}` : failure.message;
  const more = others > 0 ? ` (and ${others} more)` : "";
  return { cause, code: rawCode, message: `${message}${more}`, advice: [...advice], region };
}

function nameOf({ accountId, name }: NonNullable<CollectProblem["account"]>): string {
  return name === null ? `Account ${accountId}` : `Account ${accountId} (${name})`;
}

/** Settings that do not work, or a store that does not: nothing AWS has said. */
function ours(error: AppError): AwsFailure {
  const cause = storeTrouble.includes(error.code) || error.code === "internal" ? "UNKNOWN" : "LOCAL_CONFIG";
  return { cause, rawCode: error.code, message: error.message, advice: [], disables: false };
}

const stopped: AwsFailure = {
  cause: "UNKNOWN",
  rawCode: null,
  message: "The server stopped during the run.",
  advice: ["Nothing to do: the run is repeated after the next start."],
  disables: false,
};

const tooLong: AwsFailure = {
  cause: "UNKNOWN",
  rawCode: null,
  message: "The run took too long and was stopped; what it had stored stays.",
  advice: ["Narrow namespaces, regions or the metric filter, or split the integration."],
  disables: false,
};
