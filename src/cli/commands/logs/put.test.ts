import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../../../base/index.ts";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import { createFakeTerminal, errorResponse } from "../../testing/fake-terminal.ts";
import { type Batch, toBatches } from "./put-batches.ts";

const path = "POST /api/v1/logs/events";
const none = { tooOld: 0, tooNew: 0, expired: 0 };

/** Time stands still until somebody waits for it to pass. */
const patientClock: Clock = {
  now: () => Date.parse("2026-11-21T12:00:00Z"),
  monotonic: () => 0,
  sleep: () => new Promise(() => {}),
};

async function* linesOf(...chunks: string[][]) {
  yield* chunks;
}

async function batchesOf(source: AsyncIterable<readonly string[]>, clock = patientClock): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of toBatches(source, clock)) batches.push(batch);
  return batches;
}

test("a message of the command line is one event, at the server's time or the one that is given", async () => {
  const terminal = createFakeTerminal({ [path]: { accepted: 1, rejected: none } });
  assert.equal(await runProgram(["logs", "put", "/g", "s", "two", "words"], terminal), exitCodes.ok);
  assert.deepEqual(terminal.requests[0]?.body, {
    group: "/g",
    stream: "s",
    createMissing: false,
    events: [{ message: "two words" }],
  });
  assert.equal(terminal.output(), "Accepted 1.\n");
  const dated = createFakeTerminal({ [path]: { accepted: 1, rejected: none } });
  await runProgram(["logs", "put", "/g", "s", "old", "--time", "-1d", "--create-missing"], dated);
  assert.deepEqual(dated.requests[0]?.body, {
    group: "/g",
    stream: "s",
    createMissing: true,
    events: [{ message: "old", timestampMs: Date.parse("2026-11-20T12:00:00Z") }],
  });
});

test("lines of standard input become batches, counted as they are accepted and rejected", async () => {
  const lines = Array.from({ length: 1500 }, (_, index) => `line ${index}`);
  const answers = [
    { accepted: 990, rejected: { tooOld: 10, tooNew: 0, expired: 0 } },
    { accepted: 500, rejected: none },
  ];
  const terminal = createFakeTerminal(
    { [path]: () => answers.shift() },
    { readLines: () => linesOf(lines), clock: patientClock },
  );
  assert.equal(await runProgram(["logs", "put", "/g", "s"], terminal), exitCodes.failed);
  const sent = terminal.requests.map(({ body }) => (body as { events: { message: string }[] }).events);
  assert.deepEqual(
    sent.map(({ length }) => length),
    [1000, 500],
  );
  assert.deepEqual(
    sent.flat().map(({ message }) => message),
    lines,
  );
  assert.equal(terminal.output(), "Accepted 1490. Rejected 10: older than 14 days.\n");
  assert.equal(terminal.errors(), "");
});

test("progress is shown at a terminal only, and nothing is sent for nothing", async () => {
  const answers = { [path]: { accepted: 1, rejected: none } };
  const watched = createFakeTerminal(answers, { interactive: true });
  await runProgram(["logs", "put", "/g", "s", "x"], watched);
  assert.match(watched.errors(), /\rSent: 1 /);
  const empty = createFakeTerminal(answers, { readLines: () => linesOf(["", ""]) });
  assert.equal(await runProgram(["logs", "put", "/g", "s", "--json"], empty), exitCodes.ok);
  assert.equal(empty.requests.length, 0);
  assert.deepEqual(JSON.parse(empty.output()), { accepted: 0, rejected: { ...none, tooLong: 0 } });
});

test("when a batch fails, it is told how much was accepted before and no more is read", async () => {
  const answers = [
    () => Response.json({ accepted: 1000, rejected: none }),
    errorResponse(400, "validation_failed", "No."),
  ];
  let stopped: AbortSignal | undefined;
  const terminal = createFakeTerminal(
    { [path]: () => answers.shift()?.() },
    {
      readLines: (stop) => {
        stopped = stop;
        return linesOf(Array.from({ length: 2500 }, () => "x"));
      },
      clock: patientClock,
    },
  );
  assert.equal(await runProgram(["logs", "put", "/g", "s"], terminal), exitCodes.usage);
  assert.equal(terminal.output(), "Accepted 1000.\n");
  assert.match(terminal.errors(), /No\./);
  assert.equal(terminal.requests.length, 2);
  assert.equal(stopped?.aborted, true);
});

test("a batch stays below the server's limit as JSON, and a line that can never be sent is counted", async () => {
  const quotes = '"'.repeat(300_000);
  const batches = await batchesOf(linesOf([quotes, quotes, "a", "x".repeat(1_100_000), "b"]));
  for (const { messages } of batches) assert.ok(JSON.stringify(messages).length <= 900_000);
  assert.deepEqual(
    batches.flatMap(({ messages }) => messages.map(({ length }) => length)),
    [300_000, 300_000, 1, 1],
  );
  assert.equal(
    batches.reduce((sum, { tooLong }) => sum + tooLong, 0),
    1,
  );
});

test("lines that come slowly are sent after a second without waiting for more", async () => {
  const passing: Clock = { ...patientClock, sleep: async () => {} };
  const { promise, resolve } = Promise.withResolvers<string[]>();
  async function* slowly() {
    yield ["first"];
    yield await promise;
  }
  const batches = toBatches(slowly(), passing);
  assert.deepEqual((await batches.next()).value, { messages: ["first"], tooLong: 0 });
  resolve(["second"]);
  assert.deepEqual((await batches.next()).value, { messages: ["second"], tooLong: 0 });
  assert.equal((await batches.next()).done, true);
});

test("lines that keep coming hold back none before them for more than a second", {
  timeout: 5_000,
}, async () => {
  const waiting = Promise.withResolvers<void>();
  const passed = Promise.withResolvers<void>();
  const sleeps = [passed.promise];
  const clock: Clock = {
    ...patientClock,
    sleep: () => {
      waiting.resolve();
      return sleeps.shift() ?? new Promise(() => {});
    },
  };
  async function* steadily() {
    yield ["first"];
    await waiting.promise;
    yield ["half a second later"];
    passed.resolve();
    await new Promise(() => {});
  }
  const { value } = await toBatches(steadily(), clock).next();
  assert.deepEqual(value, { messages: ["first", "half a second later"], tooLong: 0 });
});
