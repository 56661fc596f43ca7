import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../../../base/index.ts";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import type { Terminal } from "../../terminal.ts";
import { createFakeTerminal } from "../../testing/fake-terminal.ts";

const path = "POST /api/v1/logs/events";
const accepted = () => Response.json({ accepted: 1, rejected: { tooOld: 0, tooNew: 0, expired: 0 } });

function refused(status: number, headers: Record<string, string> = {}) {
  const error = { code: "overloaded", message: "Busy.", fields: [], requestId: "req-1" };
  return () => Response.json({ error }, { status, headers });
}

function cutOff(code: string) {
  return () => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("gone"), { code }) });
  };
}

/** Sends to a server that gives these answers, the last one for ever; time passes as fast as it is waited for. */
async function put(
  answers: (() => Response)[],
  { args = ["x"], ...overrides }: Partial<Terminal> & { args?: string[] } = {},
) {
  const waits: number[] = [];
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
    },
  };
  const next = () => (answers.length > 1 ? answers.shift() : answers[0])?.();
  const terminal = createFakeTerminal({ [path]: next }, { clock, ...overrides });
  const exitCode = await runProgram(["logs", "put", "/g", "s", ...args], terminal);
  return { exitCode, waits, terminal, keys: terminal.requests.map(({ idempotencyKey }) => idempotencyKey) };
}

test("a request that is refused for now is sent again under its name, after the time that the server asks for", async () => {
  const { exitCode, waits, terminal, keys } = await put([
    refused(503, { "retry-after": "10" }),
    refused(429),
    accepted,
  ]);
  assert.equal(exitCode, exitCodes.ok);
  assert.deepEqual(waits, [10_000, 2000]);
  assert.equal(new Set(keys).size, 1);
  assert.match(keys[0] ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(terminal.output(), "Accepted 1.\n");
  assert.equal(terminal.errors().match(/tried again/g)?.length, 1);
});

test("so is one whose connection was dropped, and each request has its own name", async () => {
  async function* lines() {
    yield Array.from({ length: 1001 }, () => "x");
  }
  const { exitCode, keys } = await put([cutOff("ECONNRESET"), accepted, cutOff("ECONNREFUSED"), accepted], {
    args: [],
    readLines: lines,
  });
  assert.equal(exitCode, exitCodes.ok);
  assert.equal(keys.length, 4);
  assert.equal(keys[0], keys[1]);
  assert.equal(keys[2], keys[3]);
  assert.notEqual(keys[1], keys[2]);
});

test("after a minute of waiting it is given up", async () => {
  const { exitCode, waits, terminal } = await put([refused(503)]);
  assert.equal(exitCode, exitCodes.failed);
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000]);
  assert.match(terminal.errors(), /Busy\./);
  assert.deepEqual((await put([refused(503, { "retry-after": "61" })])).waits, []);
});

test("what will not pass is not tried again: another refusal, and a server that was never there", async () => {
  for (const [answer, exitCode] of [
    [refused(400), exitCodes.usage],
    [refused(403), exitCodes.notAuthorised],
    [refused(500), exitCodes.failed],
    [cutOff("ECONNREFUSED"), exitCodes.unreachable],
    [cutOff("DEPTH_ZERO_SELF_SIGNED_CERT"), exitCodes.unreachable],
  ] as const) {
    const outcome = await put([answer]);
    assert.deepEqual([outcome.exitCode, outcome.waits, outcome.keys.length], [exitCode, [], 1]);
  }
});

test("Ctrl-C ends the waiting: one more attempt is made at once", async () => {
  const interrupt = new AbortController();
  async function* lines() {
    yield ["x"];
  }
  const answers = [
    () => {
      interrupt.abort();
      return refused(503, { "retry-after": "30" })();
    },
    refused(503),
  ];
  const { exitCode, waits, keys } = await put(answers, {
    args: [],
    readLines: lines,
    catchInterrupts: () => interrupt.signal,
  });
  assert.deepEqual([exitCode, keys.length], [exitCodes.failed, 2]);
  assert.ok(!waits.includes(30_000));
});
