import assert from "node:assert/strict";
import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { quietLog } from "../../test/support/quiet-log.ts";
import { forEachTelemetry, type TelemetryPlace } from "../../test/support/telemetries.ts";
import { systemClock } from "../base/index.ts";
import { openTelemetry, type Telemetry } from "./index.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const firstDay = 20_000;

forEachTelemetry("removing and counting log events", (open) => {
  let place: TelemetryPlace;
  let telemetry: Telemetry;
  before(async () => {
    place = await open();
    telemetry = await openTelemetry({ ...place.options, log: quietLog, clock: systemClock });
  });
  after(async () => {
    await telemetry.close();
    await place.dispose();
  });

  const append = async (
    logGroupId: number,
    logStreamId: number,
    ingestionTimeMs: number,
    message: string,
  ) => {
    const rows = telemetry.logEvents.encoder({ logGroupId, logStreamId, ingestionTimeMs });
    rows.addText(ingestionTimeMs - 5, message);
    rows.addText(ingestionTimeMs, message);
    await telemetry.logEvents.append(rows.finish());
  };
  const rewritten = async () => {
    for (let attempt = 0; attempt < 500; attempt++) {
      if (!(await telemetry.logPurge.isRewriting())) return;
      await systemClock.sleep(10);
    }
    throw new Error("The rewrite does not end.");
  };

  test("counts are by minute, stream and day of arrival, bytes those of UTF-8", async () => {
    const at = firstDay * dayMs + 3 * minuteMs;
    assert.equal(await telemetry.logTraffic.nextArrival(0), undefined);
    await append(1, 2 ** 40, at, "é\t");
    await append(1, 7, at + minuteMs, "x");
    assert.equal(await telemetry.logTraffic.nextArrival(0), at);
    assert.equal(await telemetry.logTraffic.nextArrival(at + 1), at + minuteMs);
    assert.deepEqual(await telemetry.logTraffic.minutes(at, at + 2 * minuteMs), [
      { logGroupId: 1, fromMs: at, events: 2, messageBytes: 6 },
      { logGroupId: 1, fromMs: at + minuteMs, events: 2, messageBytes: 2 },
    ]);
    assert.deepEqual(await telemetry.logTraffic.streams(at, at + minuteMs), [
      { logStreamId: 2 ** 40, first: at - 5, last: at, ingestion: at },
    ]);
    assert.deepEqual(await telemetry.logTraffic.day(firstDay), [
      { logGroupId: 1, fromMs: firstDay * dayMs, events: 4, messageBytes: 8 },
    ]);
  });

  test("a day is dropped only when it holds nothing but the groups that are named", async () => {
    const day = firstDay + 10;
    await append(11, 1, day * dayMs, "x");
    await append(12, 1, day * dayMs, "x");
    await append(11, 1, (day + 1) * dayMs, "x");
    assert.equal(await telemetry.logPurge.dropDay(day, [11]), false);
    assert.deepEqual(await telemetry.logPurge.groupsLeft([11, 12, 13]), [11, 12]);
    assert.equal(await telemetry.logPurge.dropDay(day, [11, 12]), true);
    assert.deepEqual(await telemetry.logPurge.groupsLeft([11, 12, 13]), [11]);
    assert.ok((await telemetry.logPurge.days()).includes(day + 1));
    assert.ok(!(await telemetry.logPurge.days()).includes(day));
  });

  test("a rewrite removes a group of a day, a group, or streams, and nothing else", async () => {
    const day = firstDay + 20;
    for (const group of [21, 22, 23]) {
      await append(group, 1, day * dayMs, "x");
      await append(group, 2, day * dayMs, "x");
      await append(group, 1, (day + 1) * dayMs, "x");
    }
    await telemetry.logPurge.deleteGroupsOfDay(day, [21]);
    await telemetry.logPurge.deleteGroups([22]);
    await telemetry.logPurge.deleteStreams(23, [1]);
    await append(24, 77, day * dayMs, "x");
    await telemetry.logPurge.deleteStrayStreams([77, 78]);
    await rewritten();
    const left = async (of: number) =>
      (await telemetry.logTraffic.day(of)).map(({ logGroupId, events }) => [logGroupId, events]);
    assert.deepEqual(await left(day), [[23, 2]]);
    assert.deepEqual(await left(day + 1), [[21, 2]]);
    assert.deepEqual(await telemetry.logPurge.streamsLeft(23, [1, 2]), [2]);
  });

  test("a rewrite that fails is given up, and what it could do is done", async (t) => {
    const { directory } = place.options;
    if (directory === undefined)
      return t.skip("a part is damaged on disk, and the server's disk is not at hand");
    const day = firstDay + 30;
    await append(31, 1, day * dayMs, "x");
    await append(32, 1, (day + 1) * dayMs, "x");
    await append(33, 1, (day + 1) * dayMs, "x");
    for await (const path of glob(join(directory, `telemetry/store/*/*/${day}_*/data.bin`)))
      await writeFile(path, (await readFile(path)).fill(0x41, 16));
    // The embedded engine answers when it is done, a server at once.
    await telemetry.logPurge.deleteGroups([31, 32]).catch(() => {});
    assert.equal(await telemetry.logPurge.isRewriting(), false);
    const reasons = await telemetry.logPurge.giveUpFailing();
    assert.equal(reasons.length, 1);
    assert.match(reasons[0]!, new RegExp(`${day}_`));
    assert.deepEqual(await telemetry.logPurge.giveUpFailing(), []);
    assert.deepEqual(await telemetry.logPurge.groupsLeft([32, 33]), [33]);
  });

  test("what is no number of ours never becomes a statement", async () => {
    for (const bad of [[], [1.5], [-1], ["1) OR (1=1" as unknown as number]])
      await assert.rejects(async () => telemetry.logPurge.deleteGroups(bad), RangeError);
  });
});
