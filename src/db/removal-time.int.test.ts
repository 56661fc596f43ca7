import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { createLog } from "../base/index.ts";
import { createRemovalTime } from "./index.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.UTC(2026, 10, 21);

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  /** What is added to the time of day while real time goes on as it was. */
  let wrongBy: number;
  let lines: string[];

  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(start);
    wrongBy = 0;
    lines = [];
    await opened.database.kysely.deleteFrom("log_positions").execute();
  });

  /** As each process has it. */
  const openProcess = () =>
    createRemovalTime({
      kysely: opened.database.kysely,
      clock: { ...clock, now: () => clock.now() + wrongBy },
      log: createLog({ level: "info", write: (line) => lines.push(line) }),
    });

  test("follows a clock that is right, however seldom it is asked", async () => {
    const removalTime = openProcess();
    assert.equal(await removalTime(), start);
    for (const step of [minute, 10 * day]) {
      clock.advance(step);
      assert.equal(await removalTime(), clock.now());
    }
    assert.deepEqual(lines, []);
  });

  test("after a jump ahead it runs at twice the pace of time, in any number of processes, and says so once", async () => {
    const [first, second] = [openProcess(), openProcess()];
    await first();
    await second();
    wrongBy = 400 * day;
    for (let minutes = 0; minutes < 10; minutes++) {
      for (const removalTime of [first, second, openProcess()])
        assert.ok((await removalTime()) <= start + 2 * minutes * minute);
      clock.advance(minute);
    }
    assert.equal(lines.filter((line) => line.includes("held back")).length, 12);
    wrongBy = 0;
    clock.advance(10 * minute);
    assert.equal(await first(), clock.now());
  });

  test("a downtime is caught up with in as long as it has lasted", async () => {
    await openProcess()();
    wrongBy = 3 * day;
    const removalTime = openProcess();
    assert.equal(await removalTime(), start);
    clock.advance(3 * day);
    assert.equal(await removalTime(), start + 6 * day);
  });

  test("a start with the clock of 1970 holds nothing back once the clock is right", async () => {
    await openProcess()();
    wrongBy = -start;
    const removalTime = openProcess();
    assert.equal(await removalTime(), 0);
    wrongBy = 0;
    clock.advance(minute);
    assert.equal(await removalTime(), clock.now() - minute);
    clock.advance(minute);
    assert.equal(await removalTime(), clock.now());
  });
});
