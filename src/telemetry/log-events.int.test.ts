import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { quietLog } from "../../test/support/quiet-log.ts";
import { forEachTelemetry, type TelemetryPlace } from "../../test/support/telemetries.ts";
import { systemClock } from "../base/index.ts";
import { openTelemetry, type Telemetry } from "./index.ts";

const now = 1_790_000_000_000;

forEachTelemetry("log events", (open) => {
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

  const append = async (idempotencyKey: bigint, messages: readonly string[], logGroupId = 1) => {
    const rows = telemetry.logEvents.encoder({
      logGroupId,
      logStreamId: 2 ** 40,
      ingestionTimeMs: now,
      idempotencyKey,
    });
    for (const message of messages) rows.addText(now, message);
    await telemetry.logEvents.append(rows.finish());
  };

  test("requests that come together are stored, and their keys are found", async () => {
    const keys = [2n ** 64n - 1n, 2n ** 63n, 5n];
    await Promise.all(keys.map((key, index) => append(key, [`a\tb\\${index}`, "ü😀\n"])));
    const found = await telemetry.logEvents.storedKeys(1, [...keys, 6n], now - 1000);
    assert.deepEqual([...found].sort(), [...keys].sort());
  });

  test("keys of another group or of an earlier time are not found, nor is what had none", async () => {
    await append(77n, ["one"], 2);
    assert.deepEqual(await telemetry.logEvents.storedKeys(1, [77n], now - 1000), new Set());
    assert.deepEqual(await telemetry.logEvents.storedKeys(2, [77n], now + 1), new Set());
    assert.deepEqual(await telemetry.logEvents.storedKeys(2, [], now), new Set());
  });

  test("a request without events writes nothing", async () => {
    await append(88n, [], 3);
    assert.deepEqual(await telemetry.logEvents.storedKeys(3, [88n], 0), new Set());
  });
});
