import { AppError } from "../../base/index.ts";
import { parseScope } from "../collection/scopes.ts";
import type { AwsFailure } from "../connection.ts";
import {
  type CollectContext,
  type CollectProblem,
  type CollectResult,
  CredentialsFailure,
  type Progress,
  RunLostError,
} from "../types/integration-type.ts";
import { newProgress } from "../types/progress.ts";
import type { AccountOutcome, PlannedAccount } from "./plan.ts";

/** Accounts at a time: AWS's quotas are an account's own, our connections and memory are not. */
const accountsAtOnce = 4;

/** A run has 15 minutes. No account is begun after eight, and one that takes more than five is cut off. */
const beginWithinMs = 8 * 60_000;
const accountTimeoutMs = 5 * 60_000;

/** Problems that a run tells of one account, and of all of them together. */
const problemsOfOneMax = 3;
const problemsMax = 50;

/** The account that a type is to pull, as part of a run. */
export interface AccountOfRun {
  /** Undefined when the session tells. */
  readonly accountId: string | undefined;
  /** As part of the names of scopes; null for the account that the integration's own session belongs to. */
  readonly scopeAccountId: string | null;
  /** Accounts that the run pulls each by itself. */
  readonly all: ReadonlySet<string>;
}

type Collect = (context: CollectContext, account: AccountOfRun) => Promise<CollectResult>;

/**
 * Pulls the accounts of the integration, a few at a time. One that fails, or whose role is refused, does not stop the others;
 * only when every single one is refused the integration's credentials are.
 */
export async function collectAccounts(context: CollectContext, collect: Collect): Promise<CollectResult> {
  const { accounts } = context;
  if (!accounts?.several) return collectOwn(context, collect);
  const { accounts: planned, problems } = await accounts.find(context.signal);
  // Which accounts there are is known only when nothing went wrong in finding out.
  if (problems.length === 0) await retireOthers(context, planned.map(scopeAccountIdOf));
  const run: AccountsRun = {
    context,
    collect,
    begunAt: context.clock.monotonic(),
    all: new Set(planned.map(({ accountId }) => accountId)),
    results: [],
    refusals: [],
  };
  const queue = planned.values();
  let over = false;
  const work = async () => {
    for (const account of queue) {
      if (over || context.clock.monotonic() - run.begunAt > beginWithinMs) return;
      await pullOne(run, account).catch((error: unknown) => {
        over = true;
        throw error;
      });
    }
  };
  // All have to end before the run does: nothing must be written after it is recorded.
  const ends = await Promise.allSettled(Array.from({ length: accountsAtOnce }, work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  const [refusal] = run.refusals;
  const finding = problems.map((failure) => ({ region: null, failure }));
  if (refusal && run.refusals.length === planned.length) throw refusal;
  if (planned.length === 0 && finding[0]?.failure.disables) {
    throw new CredentialsFailure(finding[0].failure, null);
  }
  return {
    problems: [...finding, ...run.results.flatMap((result) => result.problems)].slice(0, problemsMax),
    someComplete: run.results.some(({ someComplete }) => someComplete),
    someStored: run.results.some(({ someStored }) => someStored),
    behind: run.results.length < planned.length || run.results.some(({ behind }) => behind),
  };
}

function scopeAccountIdOf({ accountId, hop }: PlannedAccount): string | null {
  return hop ? accountId : null;
}

/** Accounts that were pulled before and are no more would owe for ever. */
async function retireOthers(
  { books }: CollectContext,
  accountIds: readonly (string | null)[],
): Promise<void> {
  const wanted = new Set(accountIds);
  await books.retire((scope) => wanted.has(parseScope(scope).accountId));
}

async function collectOwn(context: CollectContext, collect: Collect): Promise<CollectResult> {
  const { accounts, progress } = context;
  await retireOthers(context, [null]);
  try {
    const account = { accountId: undefined, scopeAccountId: null, all: new Set<string>() };
    const result = await collect(context, account);
    await accounts?.recordOwn(result.accountId, outcomeOf(result, progress));
    return result;
  } catch (error) {
    if (error instanceof CredentialsFailure) {
      const result = failed({ region: error.region, failure: error.failure }, progress);
      await accounts?.recordOwn(undefined, outcomeOf(result, progress));
    }
    throw error;
  }
}

interface AccountsRun {
  readonly context: CollectContext;
  readonly collect: Collect;
  readonly begunAt: number;
  readonly all: ReadonlySet<string>;
  readonly results: CollectResult[];
  /** Accounts whose credentials were refused. */
  readonly refusals: CredentialsFailure[];
}

async function pullOne(run: AccountsRun, account: PlannedAccount): Promise<void> {
  const { context } = run;
  const progress = newProgress();
  const timer = new AbortController();
  const done = new AbortController();
  context.clock.sleep(accountTimeoutMs, done.signal).then(
    () => timer.abort(new Error("The account took too long.")),
    () => {},
  );
  try {
    const result = await collectOne(run, account, progress, timer.signal);
    run.results.push({
      ...result,
      problems: result.problems
        .slice(0, problemsOfOneMax)
        .map((problem) => ({ ...problem, account: { accountId: account.accountId, name: account.name } })),
    });
    await context.accounts?.record(account, outcomeOf(result, progress));
  } finally {
    done.abort();
    addProgress(context.progress, progress);
  }
}

async function collectOne(
  run: AccountsRun,
  account: PlannedAccount,
  progress: Progress,
  timeout: AbortSignal,
): Promise<CollectResult> {
  const { context, collect, all } = run;
  const { accountId } = account;
  try {
    const session = (await context.accounts?.open(account)) ?? context.session;
    const signal = AbortSignal.any([context.signal, timeout]);
    const own = { accountId, scopeAccountId: scopeAccountIdOf(account), all };
    return await collect({ ...context, session, signal, progress }, own);
  } catch (error) {
    context.signal.throwIfAborted();
    if (timeout.aborted) return failed({ region: null, failure: tooLong }, progress);
    if (error instanceof RunLostError || error instanceof AppError) throw error;
    const refusal = asRefusal(context, error);
    if (refusal) run.refusals.push(refusal);
    const { failure, region } = refusal ?? { failure: context.classify(error), region: null };
    return failed({ region, failure }, progress);
  }
}

function asRefusal(context: CollectContext, error: unknown): CredentialsFailure | undefined {
  if (error instanceof CredentialsFailure) return error;
  const failure = context.classify(error);
  return failure.disables ? new CredentialsFailure(failure, null) : undefined;
}

function failed(problem: CollectProblem, { pointsStored }: Progress): CollectResult {
  return { problems: [problem], someComplete: false, someStored: pointsStored > 0, behind: false };
}

const tooLong: AwsFailure = {
  cause: "UNKNOWN",
  rawCode: null,
  message: `The account took more than ${accountTimeoutMs / 60_000} minutes and was cut off; what it had stored stays.`,
  advice: [
    "Nothing to do: the rest is asked for in the next runs. If it stays so, pull the account with an integration of its own.",
  ],
  disables: false,
};

function outcomeOf({ problems }: CollectResult, progress: Progress): AccountOutcome {
  const [first] = problems;
  const denied = first?.failure.disables || first?.failure.cause.startsWith("DENIED");
  return {
    state: first === undefined ? "ok" : denied ? "denied" : "failing",
    error: first?.failure.message ?? null,
    latestPointAt: progress.latestPointAt,
    metrics: progress.metricsStored > 0 ? progress.metricsStored : null,
  };
}

function addProgress(sum: Progress, part: Progress): void {
  sum.windowFrom = oneOf(sum.windowFrom, part.windowFrom, Math.min);
  sum.windowTo = oneOf(sum.windowTo, part.windowTo, Math.max);
  sum.latestPointAt = oneOf(sum.latestPointAt, part.latestPointAt, Math.max);
  for (const key of counts) sum[key] += part[key];
}

const counts = [
  "metricsListed",
  "seriesStored",
  "metricsStored",
  "pointsStored",
  "pointsAdded",
  "pointsChanged",
  "windowsPaid",
  "windowsOwed",
  "costUsd",
] as const satisfies readonly (keyof Progress)[];

function oneOf(a: number | null, b: number | null, choose: (a: number, b: number) => number): number | null {
  if (a === null || b === null) return a ?? b;
  return choose(a, b);
}
