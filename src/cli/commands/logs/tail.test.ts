import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import { type Answers, createFakeTerminal, errorResponse } from "../../testing/fake-terminal.ts";
import { sampleEvent } from "../../testing/log-samples.ts";

type Answer = () => Response;

const events = (cursor: string, ...messages: string[]): Answer => {
  return () => Response.json({ items: messages.map((message) => sampleEvent(message)), cursor });
};
const away: Answer = () => {
  throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
};

/** A terminal whose server gives these answers, one a question, and whose user then presses Ctrl-C. */
function createTail(others: Answers, ...answers: Answer[]) {
  const interruption = new AbortController();
  const slept: number[] = [];
  const terminal = createFakeTerminal(
    {
      ...others,
      "GET /api/v1/logs/tail": () => {
        const next = answers.shift();
        if (next) return next();
        interruption.abort();
        throw new DOMException("This operation was aborted", "AbortError");
      },
    },
    {
      catchInterrupts: () => interruption.signal,
      clock: {
        now: () => Date.parse("2026-11-21T12:00:00Z"),
        monotonic: () => 0,
        sleep: async (ms) => {
          slept.push(ms);
        },
      },
    },
  );
  return { terminal, slept };
}

test("events are followed from answer to answer until Ctrl-C, which is no failure", async () => {
  const { terminal } = createTail({}, events("1", "a"), events("2"), events("3", "b", "c"));
  const args = ["logs", "tail", "/shop/web", "ERROR", "--stream", "x", "--stream", "y"];
  assert.equal(await runProgram(args, terminal), exitCodes.ok);
  assert.deepEqual(
    terminal.requests.map(({ path }) => new URLSearchParams(path.split("?")[1]).get("cursor")),
    [null, "1", "2", "3"],
  );
  assert.match(String(terminal.requests[0]?.path), /group=%2Fshop%2Fweb&pattern=ERROR&stream=x&stream=y&/);
  assert.equal(
    terminal.output(),
    ["a", "b", "c"].map((message) => `2026-11-21T11:59:00.000Z web-1 ${message}\n`).join(""),
  );
  assert.equal(terminal.errors(), "");
});

test("an interruption between two questions ends it too", async () => {
  const interruption = new AbortController();
  const terminal = createFakeTerminal(
    { "GET /api/v1/logs/tail": () => events("1", "a")() },
    {
      catchInterrupts: () => interruption.signal,
      clock: {
        now: () => Date.parse("2026-11-21T12:00:00Z"),
        monotonic: () => 0,
        sleep: async () => {
          interruption.abort();
          throw interruption.signal.reason;
        },
      },
    },
  );
  assert.equal(await runProgram(["logs", "tail", "g"], terminal), exitCodes.ok);
  assert.equal(terminal.requests.length, 1);
});

test("a server that goes away is waited for longer and longer, and both are said once", async () => {
  const busy = errorResponse(503, "store_unavailable", "Later.");
  const { terminal, slept } = createTail({}, events("1", "a"), away, away, busy, events("2", "b"));
  assert.equal(await runProgram(["logs", "tail", "g"], terminal), exitCodes.ok);
  assert.deepEqual(slept, [1000, 1000, 2000, 4000, 1000]);
  assert.equal(
    terminal.errors(),
    "The server does not answer; trying again until it does.\nThe server is back.\n",
  );
  assert.match(terminal.output(), / a\n.* b\n$/);
});

test("what another try cannot cure, and a server that never was there, end it", async () => {
  const never = createTail({}, away);
  assert.equal(await runProgram(["logs", "tail", "g"], never.terminal), exitCodes.unreachable);
  const revoked = createTail({}, events("1"), errorResponse(403, "access_denied", "No longer."));
  assert.equal(await runProgram(["logs", "tail", "g"], revoked.terminal), exitCodes.notAuthorised);
  assert.match(revoked.terminal.errors(), /No longer/);
});

test("with --json each event is one line, and a full answer is followed by the next question at once", async () => {
  const many = Array.from({ length: 500 }, (_, index) => `event ${index}`);
  const { terminal, slept } = createTail({}, events("1", ...many), events("2", "last"));
  assert.equal(await runProgram(["logs", "tail", "g", "--json"], terminal), exitCodes.ok);
  const lines = terminal.output().trimEnd().split("\n");
  assert.deepEqual(JSON.parse(String(lines.at(-1))), sampleEvent("last"));
  assert.equal(lines.length, 501);
  assert.deepEqual(slept, [1000]);
});

test("--since shows the past first, then what comes, and nothing twice", async () => {
  const past = [
    { items: [sampleEvent("older than five minutes")], nextCursor: "next" },
    { items: [sampleEvent("shown at first"), sampleEvent("in between")], nextCursor: null },
  ];
  const { terminal } = createTail(
    { "GET /api/v1/logs/events": () => past.shift() },
    events("1", "shown at first"),
    events("2", "in between", "new"),
  );
  assert.equal(await runProgram(["logs", "tail", "g", "--since", "-1h", "--raw"], terminal), exitCodes.ok);
  assert.equal(terminal.output(), "older than five minutes\nshown at first\nin between\nnew\n");
  assert.deepEqual(
    terminal.requests.slice(0, 3).map(({ path }) => path.split("?")[0]),
    ["/api/v1/logs/tail", "/api/v1/logs/events", "/api/v1/logs/events"],
  );
  const wrong = createTail({});
  assert.equal(
    await runProgram(["logs", "tail", "g", "--since", "yesterday"], wrong.terminal),
    exitCodes.usage,
  );
  assert.deepEqual(wrong.terminal.requests, []);
});
