import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { quietLog } from "../../../test/support/quiet-log.ts";
import { createSettableClock, type SettableClock } from "../../../test/support/settable-clock.ts";
import { AppError } from "../../base/index.ts";
import type { AwsFailure } from "../connection.ts";
import {
  type CollectContext,
  type CollectResult,
  CredentialsFailure,
  RunLostError,
} from "../types/integration-type.ts";
import { newProgress } from "../types/progress.ts";
import type { AccountOutcome, PlannedAccount, RunAccounts } from "./plan.ts";
import { type AccountOfRun, collectAccounts } from "./run.ts";

const minute = 60_000;
const done: CollectResult = { problems: [], someComplete: true, someStored: true, behind: false };
const failure = (message: string, changes: Partial<AwsFailure> = {}): AwsFailure => ({
  cause: "UNKNOWN",
  rawCode: null,
  message,
  advice: [],
  disables: false,
  ...changes,
});
const refusal = failure("no", { cause: "DENIED_ASSUME", disables: true });

let clock: SettableClock;
let recorded: Map<string, AccountOutcome>;
let retired: ((scope: string) => boolean)[];

beforeEach(() => {
  clock = createSettableClock(0);
  recorded = new Map();
  retired = [];
});

const account = (n: number): PlannedAccount => ({
  accountId: `${n}`.padStart(12, "0"),
  name: null,
  roleArn: `arn:aws:iam::${`${n}`.padStart(12, "0")}:role/Read`,
  origin: "listed",
  suspended: false,
  hop: { roleArn: "r" },
});

function run(
  count: number,
  collect: (context: CollectContext, account: AccountOfRun) => Promise<CollectResult>,
  changes: Partial<RunAccounts> = {},
) {
  const session = {} as CollectContext["session"];
  const accounts: RunAccounts = {
    several: true,
    find: async () => ({ accounts: Array.from({ length: count }, (_, n) => account(n)), problems: [] }),
    open: async () => session,
    record: async ({ accountId }, outcome) => {
      recorded.set(accountId, outcome);
    },
    recordOwn: async (accountId, outcome) => {
      recorded.set(accountId ?? "own", outcome);
    },
    ...changes,
  };
  const progress = newProgress();
  const context = {
    accounts,
    session,
    clock,
    log: quietLog,
    signal: new AbortController().signal,
    classify: (error: unknown) => (error instanceof Refused ? refusal : failure(String(error))),
    progress,
    books: { retire: async (isWanted: (scope: string) => boolean) => retired.push(isWanted) },
  } as unknown as CollectContext;
  return { result: collectAccounts(context, collect), progress };
}

class Refused extends Error {}

test("all accounts are pulled, four at a time, each under its own name, and what they did is added up", async () => {
  let [now, most] = [0, 0];
  const scopes: (string | null)[] = [];
  const { result, progress } = run(20, async (context, { scopeAccountId }) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    scopes.push(scopeAccountId);
    context.progress.pointsStored += 3;
    context.progress.metricsStored += 2;
    context.progress.latestPointAt = Number(scopeAccountId);
    context.progress.windowFrom = 100 - Number(scopeAccountId);
    return done;
  });
  assert.deepEqual(await result, done);
  assert.equal(most, 4);
  assert.equal(new Set(scopes).size, 20);
  assert.deepEqual([progress.pointsStored, progress.latestPointAt, progress.windowFrom], [60, 19, 81]);
  assert.deepEqual(recorded.get(account(7).accountId), {
    state: "ok",
    error: null,
    latestPointAt: 7,
    metrics: 2,
  });
});

test("accounts that are pulled no more owe nothing, but only when all of them are known", async () => {
  await run(2, async () => done).result;
  const scopes = [
    "us-east-1",
    `${account(1).accountId}:us-east-1`,
    `${account(2).accountId}:us-east-1/billing`,
  ];
  assert.deepEqual(
    retired.map((isWanted) => scopes.map(isWanted)),
    [[false, true, false]],
  );
  const find = async () => ({ accounts: [account(0)], problems: [failure("not listed")] });
  await run(1, async () => done, { find }).result;
  await run(1, async () => done, { several: false }).result;
  assert.deepEqual(
    retired.slice(1).map((isWanted) => scopes.map(isWanted)),
    [[true, false, false]],
    "only the one that has no list of accounts",
  );
});

test("an account that fails, and one that is refused, stop no other and are named", async () => {
  const { result } = run(4, async (_context, { accountId }) => {
    if (accountId === account(1).accountId) throw new Error("broken");
    if (accountId === account(2).accountId) throw new CredentialsFailure(refusal, "eu-west-1");
    if (accountId === account(3).accountId) throw new Refused();
    return done;
  });
  const { problems, someComplete } = await result;
  assert.equal(someComplete, true);
  assert.deepEqual(
    problems.map(({ account: of, region, failure: { cause } }) => [Number(of?.accountId), region, cause]),
    [
      [1, null, "UNKNOWN"],
      [2, "eu-west-1", "DENIED_ASSUME"],
      [3, null, "DENIED_ASSUME"],
    ],
  );
  assert.deepEqual([...recorded.values()].map(({ state }) => state).sort(), [
    "denied",
    "denied",
    "failing",
    "ok",
  ]);
});

test("when every account is refused the credentials are", async () => {
  const { result } = run(3, async () => {
    throw new Refused();
  });
  await assert.rejects(result, CredentialsFailure);
  assert.equal(recorded.size, 3);
});

test("a run that is not ours any more, and settings that the operator forbids, end it all", async () => {
  for (const error of [new RunLostError("gone"), new AppError("assume_role_disabled")]) {
    let begun = 0;
    const { result } = run(100, async () => {
      begun++;
      throw error;
    });
    await assert.rejects(result, error);
    assert.equal(begun, 4);
  }
});

test("an account that hangs is cut off after five minutes, and the others are pulled meanwhile", async () => {
  const { result } = run(6, async ({ signal }, { accountId }) => {
    if (accountId !== account(0).accountId) return done;
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  await until(() => recorded.size === 5);
  clock.advance(5 * minute);
  const { problems } = await result;
  assert.match(problems[0]?.failure.message ?? "", /more than 5 minutes/);
  assert.equal(recorded.get(account(0).accountId)?.state, "failing");
});

test("after eight minutes no account is begun, and the rest comes first in the next run", async () => {
  const { result } = run(12, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(3 * minute);
    return done;
  });
  const { behind, problems } = await result;
  assert.deepEqual([behind, problems], [true, []]);
  assert.ok(recorded.size < 12, `${recorded.size}`);
});

test("an organization that cannot be listed is told, and ends the integration only when nothing is left to pull", async () => {
  const find = (accounts: PlannedAccount[]) => ({
    find: async () => ({ accounts, problems: [refusal] }),
  });
  const known = await run(0, async () => done, find([account(1)])).result;
  assert.deepEqual(known.problems, [{ region: null, failure: refusal }]);
  await assert.rejects(run(0, async () => done, find([])).result, CredentialsFailure);
});

test("the only account of an integration is noted too", async () => {
  const single = { several: false };
  const own = { ...done, accountId: "111111111111" };
  assert.equal((await run(0, async () => own, single).result).accountId, "111111111111");
  assert.equal(recorded.get("111111111111")?.state, "ok");
  const { result } = run(0, async () => Promise.reject(new CredentialsFailure(refusal, null)), single);
  await assert.rejects(result, CredentialsFailure);
  assert.equal(recorded.get("own")?.state, "denied");
});

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000; turn++) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail("It did not come to hold.");
}
