import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../../test/support/settable-clock.ts";
import { AppError, type Log } from "../../base/index.ts";
import { createRequestLog } from "./request-log.ts";

function setUp() {
  const clock = createSettableClock(0);
  const lines: { level: string; fields: Record<string, unknown> }[] = [];
  const note = (level: string) => (_message: string, fields?: object) =>
    void lines.push({ level, fields: { ...fields } });
  const log = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
  const requestLog = createRequestLog({ log: log as unknown as Log, clock });
  const answer = (open: string, status: number, error?: AppError) =>
    requestLog(
      {
        id: "1",
        method: "POST",
        is404: false,
        headers: {},
        socket: {},
        state: { error },
        routeOptions: { url: "/ingest/bulk", config: { open } },
      } as never,
      { status, tookMs: 1 },
    );
  return { clock, lines, answer };
}

test("a flood of refused log events is told of by ten lines a second, with how many there were", () => {
  const { clock, lines, answer } = setUp();
  for (let i = 0; i < 1000; i++) answer("ingest", 401);
  assert.equal(lines.length, 10);
  clock.advance(1000);
  answer("ingest", 401);
  assert.equal(lines.at(-1)?.fields.notTold, 990);
  clock.advance(1000);
  answer("ingest", 403);
  assert.equal(lines.at(-1)?.fields.notTold, 0);
});

test("so is a flood that a full server refuses, as a warning; other faults are told of one by one", () => {
  const { lines, answer } = setUp();
  for (let i = 0; i < 50; i++) answer("ingest", 503, new AppError("overloaded"));
  assert.deepEqual([lines.length, lines[0]?.level], [10, "warn"]);
  for (let i = 0; i < 50; i++) answer("ingest", 500, new AppError("internal"));
  assert.equal(lines.filter(({ level }) => level === "error").length, 50);
});

test("accepted log events are told of at debug, everything else one by one", () => {
  const { lines, answer } = setUp();
  answer("ingest", 200);
  for (let i = 0; i < 50; i++) answer("page", 404);
  assert.equal(lines[0]?.level, "debug");
  assert.equal(lines.filter(({ level }) => level === "info").length, 50);
});
