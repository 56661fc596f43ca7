import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { type LogsWorld, openLogsWorld } from "../../test/support/logs-world.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { AppError, type Clock, createLog } from "../base/index.ts";
import type { Logs } from "./index.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** The start of a day, so that days of ingestion are easy to follow. */
const start = Date.UTC(2026, 10, 21);

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let world: LogsWorld;
  let clock: SettableClock;
  let logs: Logs;

  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(start + 12 * hour);
    world = await openLogsWorld(opened, clock);
    logs = world.openLogs();
  });
  afterEach(async () => {
    await world.dispose();
    for (const table of ["log_groups", "log_positions"] as const)
      await opened.database.kysely.deleteFrom(table).execute();
  });

  const moveTo = (ms: number) => clock.advance(ms - clock.now());
  const run = (name: string, process = logs) => process.chores.find((chore) => chore.name === name)!.run();
  const countTraffic = (process = logs) => run("traffic of log groups", process);
  const countDays = () => run("sizes of log groups");
  /** Until nothing more is removed; rewrites take their time in the background. */
  const purge = async (process = logs) => {
    for (let turn = 0; turn < 200; turn++) {
      const counts = (await run("removed log events", process)) as Record<string, number>;
      const isBusy = await world.telemetry.logPurge.isRewriting();
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
    for (const storedDay of await world.telemetry.logPurge.days())
      for (const { logGroupId, events } of await world.telemetry.logTraffic.day(storedDay)) {
        const key = String(logGroupId);
        messages.set(key, (messages.get(key) ?? 0) + events);
      }
    return messages;
  };
  const idOf = async (group: string) => String((await logs.directory.find(group))!.id);
  const sums = async (metricName: string, fromMs = start, toMs = start + 5 * day) => {
    const { series } = await world.telemetry.metrics.query({
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
    await countTraffic(world.openLogs());
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
    const late = world.telemetry.logEvents.encoder({
      logGroupId: group.id,
      logStreamId: stream.id,
      ingestionTimeMs: clock.now() - 3 * minute,
    });
    late.addText(clock.now(), "late");
    await world.telemetry.logEvents.append(late.finish());
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
    const other = world.openLogs();
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
    assert.deepEqual(await world.telemetry.logPurge.days(), [start / day + 1]);
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
    assert.deepEqual(await world.telemetry.logPurge.streamsLeft(group.id, deleted), []);
    assert.equal((await stored()).get(String(group.id)), 2);
    assert.deepEqual((await world.openLogs().directory.find("/a"))?.deletedStreamIds, []);
  });

  test("a jump of the clock deletes nothing, however often retention looks while it lasts", async () => {
    await send("/week", "s", "kept");
    await logs.service.setRetention("/week", 7);
    await purge();
    clock.advance(hour);
    const wrong: Clock = { ...clock, now: () => clock.now() + 400 * day };
    for (const process of [world.openLogs({ clock: wrong }), world.openLogs({ clock: wrong })])
      for (let turns = 0; turns < 20; turns++) {
        await run("sizes of log groups", process);
        await run("removed log events", process);
        clock.advance(minute);
      }
    await countDays();
    await purge();
    assert.equal((await stored()).get(await idOf("/week")), 1);
    moveTo(start + 9 * day);
    await countDays();
    await purge();
    assert.equal((await stored()).get(await idOf("/week")), undefined);
  });

  test("a group whose events cannot be rewritten or read is told of, and keeps no other from being removed", async () => {
    const names = ["/a", "/broken", "/c", "/d"];
    for (const name of names) await send(name, "s", "old");
    await send("/days", "s", "old");
    await logs.service.setRetention("/days", 1);
    const brokenId = Number(await idOf("/broken"));
    for (const name of names) await logs.service.deleteGroup(name);
    moveTo(start + 10 * day);
    await countTraffic();
    const { logPurge } = world.telemetry;
    const refuse = (ids: readonly number[]) => {
      if (ids.includes(brokenId)) throw new AppError("internal", { detail: { reason: "a damaged part" } });
    };
    const lines: string[] = [];
    const troubled = world.openLogs({
      log: createLog({ level: "warn", write: (line) => lines.push(line) }),
      telemetry: {
        ...world.telemetry,
        logPurge: {
          ...logPurge,
          groupsLeft: async (ids) => {
            refuse(ids);
            return logPurge.groupsLeft(ids);
          },
          // As ClickHouse does it: healthy parts are rewritten, and then it fails.
          deleteGroups: async (ids) => {
            const healthy = ids.filter((id) => id !== brokenId);
            if (healthy.length > 0) await logPurge.deleteGroups(healthy);
            refuse(ids);
          },
        },
      },
    });
    await countDays();
    await purge(troubled);
    assert.deepEqual([...(await stored()).keys()], [String(brokenId)]);
    assert.ok(troubled.removalFailures() > 1);
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /"group":\d+.*a damaged part.*could not be removed/);
  });

  test("a store that is away is asked once, and not again for each half of the groups", async () => {
    for (const name of ["/a", "/b", "/c", "/d"]) {
      await send(name, "s", "old");
      await logs.service.deleteGroup(name);
    }
    moveTo(start + 10 * day);
    await countTraffic();
    const asked: number[] = [];
    const cutOff = world.openLogs({
      telemetry: {
        ...world.telemetry,
        logPurge: {
          ...world.telemetry.logPurge,
          groupsLeft: async (ids) => {
            asked.push(ids.length);
            throw new AppError("store_unavailable");
          },
        },
      },
    });
    await assert.rejects(run("removed log events", cutOff), { code: "store_unavailable" });
    assert.deepEqual(asked, [4]);
    assert.equal(cutOff.removalFailures(), 0);
  });

  test("a day that cannot be counted keeps no other from being counted", async () => {
    await send("/a", "s", "x");
    moveTo(start + day);
    await send("/a", "s", "y");
    const { logTraffic } = world.telemetry;
    const troubled = world.openLogs({
      telemetry: {
        ...world.telemetry,
        logTraffic: {
          ...logTraffic,
          day: async (number) => {
            if (number === start / day) throw new AppError("internal");
            return logTraffic.day(number);
          },
        },
      },
    });
    await run("sizes of log groups", troubled);
    assert.equal((await troubled.service.group("/a")).storedBytes, 1 + 26);
    assert.equal(troubled.removalFailures(), 1);
  });

  test("events of a writer that was stopped until its group and stream were gone are removed after all", async () => {
    await send("/a", "s", "x");
    await send("/b", "s", "kept");
    await send("/b", "t", "x");
    const targets = [];
    for (const [name, stream] of [
      ["/a", "s"],
      ["/b", "t"],
    ] as const) {
      const group = (await logs.directory.find(name))!;
      targets.push({ group, stream: (await logs.directory.findStream(group, stream))! });
    }
    await logs.service.deleteGroup("/a");
    await logs.service.deleteStream("/b", "t");
    clock.advance(30 * minute);
    await countTraffic();
    await purge();
    const arrival = clock.now() - 30 * minute;
    for (const { group, stream } of targets) {
      const late = world.telemetry.logEvents.encoder({
        logGroupId: group.id,
        logStreamId: stream.id,
        ingestionTimeMs: arrival,
      });
      late.addText(arrival, "late");
      await world.telemetry.logEvents.append(late.finish());
      logs.directory.noteArrival(stream.id, { first: arrival, last: arrival, ingestion: arrival });
    }
    assert.equal((await stored()).size, 2);
    await logs.flush();
    await purge();
    assert.deepEqual([...(await stored())], [[await idOf("/b"), 1]]);
  });

  test("what was deleted while the clock was ahead is removed when it is right again", async () => {
    for (const name of ["/a", "/b"]) await send(name, "s", "x");
    moveTo(start + 400 * day);
    await logs.service.deleteGroup("/a");
    await logs.service.deleteStream("/b", "s");
    moveTo(start + day);
    await countTraffic();
    await purge();
    assert.equal((await stored()).size, 0);
  });
});
