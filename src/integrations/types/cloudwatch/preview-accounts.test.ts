import assert from "node:assert/strict";
import { test } from "node:test";
import type { PreviewContext } from "../integration-type.ts";
import { lookAtAccounts } from "./preview-accounts.ts";

const session = {} as PreviewContext["session"];
const ids = Array.from({ length: 10 }, (_, n) => `${n}`.padStart(12, "0"));

function contextOf(sampled: readonly string[]): PreviewContext {
  return {
    session,
    accounts: {
      all: new Set(ids),
      sampled: sampled.map((accountId) => ({ accountId, name: null, session })),
    },
    signal: new AbortController().signal,
    classify: (error: unknown) => ({ message: (error as Error).message }),
  } as unknown as PreviewContext;
}

test("what is found in some accounts stands for all, and those that cannot be looked at are named", async () => {
  const looked = await lookAtAccounts(contextOf(ids.slice(0, 3)), async (_context, accountId) => {
    if (accountId === ids[1]) throw new Error("Denied.");
    return accountId;
  });
  assert.deepEqual(looked.found, [ids[0], ids[2]]);
  assert.equal(looked.factor, 5);
  assert.match(looked.notes[0] ?? "", /^Estimated from 2 of 10 accounts/);
  assert.equal(looked.notes[1], `The account ${ids[1]} could not be looked at: Denied.`);
});

test("when no account can be looked at, the first one's trouble is thrown", async () => {
  const look = async () => {
    throw new Error("Denied.");
  };
  await assert.rejects(lookAtAccounts(contextOf(ids.slice(0, 2)), look), /Denied/);
});

test("without further accounts the session's own is looked at, and nothing is scaled", async () => {
  const { accounts: _accounts, ...context } = contextOf([]);
  const looked = await lookAtAccounts(context, async (_context, accountId) => accountId ?? "own");
  assert.deepEqual(looked, { found: ["own"], factor: 1, notes: [] });
});
