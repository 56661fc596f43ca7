import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { systemClock } from "../base/index.ts";
import { createChangeCounters } from "../db/index.ts";
import { openTelemetry, type Telemetry } from "../telemetry/index.ts";
import { createLogs, type Logs } from "./index.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** The start of a day, so that days of ingestion are easy to follow. */
const start = Date.UTC(2026, 10, 21);

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let directory: string;
  let telemetry: Telemetry;
  let clock: SettableClock;
  let logs: Logs;

  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(start + 12 * hour);
    directory = await mkdtemp(join(tmpdir(), "nepho-logs-"));
    telemetry = await openTelemetry({ directory, log: quietLog, clock: systemClock });
    logs = openLogs();
  });
  afterEach(async () => {
    await telemetry.close();
    await rm(directory, { recursive: true, force: true });
    for (const table of ["log_groups", "log_positions"] as const)
      await opened.database.kysely.deleteFrom(table).execute();
  });

  /** As another process on the same stores has it. */
  function openLogs(): Logs {
    return createLogs({
      db: opened.database,
      counters: createChangeCounters({ kysely: opened.database.kysely, clock }),
      telemetry,
      clock,
      log: quietLog,
      accountId: "111122223333",
      region: "eu-west-1",
    });
  }

  const moveTo = (ms: number) => clock.advance(ms - clock.now());
  const run = (name: string, process = logs) => process.chores.find((chore) => chore.name === name)!.run();
  const countTraffic = (process = logs) => run("traffic of log groups", process);
  const countDays = () => run("sizes of log groups");
  /** Until nothing more is removed; rewrites take their time in the background. */
  const purge = async () => {
    for (let turn = 0; turn < 200; turn++) {
      const counts = (await run("removed log events")) as Record<string, number>;
      const isBusy = await telemetry.logPurge.isRewriting();
      if (!isBusy && Object.values(counts).every((count) => count === 0)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error("The purge does not come to an end.");
  };
  const send = (group: string, stream: string, ...messages: string[]) =>
    logs.service.putEvents(
      { group, stream, createMissing: true, events: messages.map((message) => ({ message })) },
      async () => {},
    );
  /** Messages that are on disk, whatever readers are shown. */
  const stored = async () => {
    const messages = new Map<string, number>();
    for (const storedDay of await telemetry.logPurge.days())
      for (const { logGroupId, events } of await telemetry.logTraffic.day(storedDay)) {
        const key = String(logGroupId);
        messages.set(key, (messages.get(key) ?? 0) + events);
      }
    return messages;
  };
  const idOf = async (group: string) => String((await logs.directory.find(group))!.id);
  const sums = async (metricName: string, fromMs = start, toMs = start + 5 * day) => {
    const { series } = await telemetry.metrics.query({
      filter: { namespace: "AWS/Logs", metricName, statistic: "Sum" },
      fromSeconds: fromMs / 1000,
      toSeconds: toMs / 1000,
      stepSeconds: 60,
      aggregation: "sum",
      groupBy: undefined,
      limit: 10,
      limits: {},
    });
    return Object.fromEntries(
      series.map(({ labels, points }) => [
        labels.LogGroupName,
        points.map(([seconds, value]) => [(seconds * 1000 - start) / minute, value]),
      ]),
    );
  };

  test("what came in becomes metrics by minute, once the minute is complete", async () => {
    await send("/a", "s", "four", "é");
    await send("/b", "s", "x");
    await countTraffic();
    assert.deepEqual(await sums("IncomingBytes"), {});
    clock.advance(minute);
    await send("/a", "t", "y");
    clock.advance(3 * minute);
    await countTraffic();
    await countTraffic(openLogs());
    assert.deepEqual(await sums("IncomingBytes"), {
      "/a": [
        [720, 4 + 2 + 2 * 26],
        [721, 1 + 26],
      ],
      "/b": [[720, 1 + 26]],
    });
    assert.deepEqual(await sums("IncomingLogEvents"), {
      "/a": [
        [720, 2],
        [721, 1],
      ],
      "/b": [[720, 1]],
    });
  });

  test("after a downtime every minute is caught up with, and a late write is counted too", async () => {
    for (let days = 0; days < 3; days++) {
      await send("/a", "s", "x");
      clock.advance(day);
    }
    await countTraffic();
    assert.deepEqual((await sums("IncomingLogEvents"))["/a"], [
      [720, 1],
      [720 + 1440, 1],
      [720 + 2880, 1],
    ]);
    const group = (await logs.directory.find("/a"))!;
    const stream = (await logs.directory.findStream(group, "s"))!;
    const late = telemetry.logEvents.encoder({
      logGroupId: group.id,
      logStreamId: stream.id,
      ingestionTimeMs: clock.now() - 3 * minute,
    });
    late.addText(clock.now(), "late");
    await telemetry.logEvents.append(late.finish());
    clock.advance(minute);
    await countTraffic();
    assert.deepEqual((await sums("IncomingLogEvents"))["/a"]?.at(-1), [720 + 3 * 1440 - 3, 1]);
  });

  test("a clock that was years ahead for a while keeps nothing from being counted afterwards", async () => {
    moveTo(start + 1_000 * day);
    await countTraffic();
    await countDays();
    moveTo(start + day);
    await send("/a", "s", "x");
    await logs.service.setRetention("/a", 1);
    moveTo(start + 2 * day);
    await countTraffic();
    await countDays();
    assert.deepEqual((await sums("IncomingLogEvents"))["/a"], [[1440, 1]]);
    assert.equal((await logs.service.group("/a")).storedBytes, 1 + 26);
    moveTo(start + 4 * day);
    await countDays();
    await purge();
    assert.equal((await stored()).get(await idOf("/a")), undefined);
  });

  test("times of streams that a crash has kept from being written are found again", async () => {
    await send("/a", "s", "x");
    const sentAt = new Date(clock.now()).toISOString();
    const other = openLogs();
    clock.advance(5 * minute);
    await countTraffic(other);
    const { items } = await other.service.streams({
      group: "/a",
      orderBy: "name",
      descending: false,
      offset: 0,
      limit: 10,
    });
    assert.deepEqual(
      [items[0]?.firstEventAt, items[0]?.lastEventAt, items[0]?.lastIngestionAt],
      [sentAt, sentAt, sentAt],
    );
  });

  test("the size of a group is what is stored of it", async () => {
    await send("/a", "s", "four");
    clock.advance(day);
    await send("/a", "s", "é");
    await send("/empty", "s", "x");
    await countDays();
    assert.equal((await logs.service.group("/a")).storedBytes, 4 + 26 + 2 + 26);
    clock.advance(hour);
    await send("/a", "s", "x");
    await countDays();
    assert.equal((await logs.service.group("/a")).storedBytes, 4 + 26 + 2 + 26 + 1 + 26);
  });

  test("a day is dropped when nothing of it is to be kept, and not a minute before", async () => {
    await send("/week", "s", "old");
    await logs.service.setRetention("/week", 7);
    moveTo(start + day);
    await send("/week", "s", "new");
    // The last event that can have come in on the first day is from two hours after its end.
    moveTo(start + day + 7 * day + 2 * hour - 1);
    await countDays();
    await purge();
    assert.equal((await stored()).get(await idOf("/week")), 2);
    clock.advance(1);
    await purge();
    assert.deepEqual(await telemetry.logPurge.days(), [start / day + 1]);
    await countDays();
    assert.equal((await logs.service.group("/week")).storedBytes, 3 + 26);
  });

  test("where a day holds what is to be kept, only the expired groups' events go", async () => {
    await send("/week", "s", "old");
    await send("/month", "s", "kept");
    await send("/ever", "s", "kept", "kept");
    await logs.service.setRetention("/week", 7);
    await logs.service.setRetention("/month", 30);
    moveTo(start + 10 * day);
    await countDays();
    await purge();
    const left = await stored();
    assert.equal(left.get(await idOf("/week")), undefined);
    assert.equal(left.get(await idOf("/month")), 1);
    assert.equal(left.get(await idOf("/ever")), 2);
    await countDays();
    assert.equal((await logs.service.group("/week")).storedBytes, 0);
    moveTo(start + 40 * day);
    await purge();
    assert.deepEqual([...(await stored()).keys()], [await idOf("/ever")]);
  });

  test("events that were never counted by day keep their day from being dropped", async () => {
    await send("/week", "s", "old");
    await logs.service.setRetention("/week", 7);
    clock.advance(minute);
    await countDays();
    await send("/ever", "s", "kept");
    moveTo(start + 10 * day);
    await purge();
    assert.deepEqual([...(await stored()).keys()], [await idOf("/ever")]);
  });

  test("a deleted group's events go after a while, those of its namesake stay", async () => {
    await send("/a", "s", "old", "old");
    await send("/b", "s", "kept");
    const oldId = await idOf("/a");
    await logs.service.deleteGroup("/a");
    await send("/a", "s", "new");
    clock.advance(5 * minute);
    await countTraffic();
    await purge();
    assert.equal((await stored()).get(oldId), 2);
    clock.advance(20 * minute);
    await countTraffic();
    await purge();
    const left = await stored();
    assert.equal(left.get(oldId), undefined);
    assert.equal(left.get(await idOf("/a")), 1);
    assert.equal(left.get(await idOf("/b")), 1);
    const rows = await opened.database.kysely
      .selectFrom("log_groups")
      .select("name")
      .orderBy("name")
      .execute();
    assert.deepEqual(rows, [{ name: "/a" }, { name: "/b" }]);
    // Its traffic is not forgotten: both of that name count.
    assert.deepEqual((await sums("IncomingLogEvents"))["/a"], [[720, 3]]);
  });

  test("a deleted stream's events go after a while, those of its namesake and neighbours stay", async () => {
    await send("/a", "s", "old", "old");
    await send("/a", "t", "kept");
    await logs.service.deleteStream("/a", "s");
    await send("/a", "s", "new");
    const group = (await logs.directory.find("/a"))!;
    assert.equal(group.deletedStreamIds.length, 1);
    const deleted = group.deletedStreamIds;
    clock.advance(30 * minute);
    await countTraffic();
    await purge();
    assert.deepEqual(await telemetry.logPurge.streamsLeft(group.id, deleted), []);
    assert.equal((await stored()).get(String(group.id)), 2);
    assert.deepEqual((await openLogs().directory.find("/a"))?.deletedStreamIds, []);
  });
});
