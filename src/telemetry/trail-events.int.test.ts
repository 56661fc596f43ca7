import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { quietLog } from "../../test/support/quiet-log.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { forEachTelemetry, type TelemetryPlace } from "../../test/support/telemetries.ts";
import { trailRow } from "../../test/support/trail-rows.ts";
import { openTelemetry, type Telemetry, type TrailFeedPlace, type TrailFeedRequest } from "./index.ts";

const start = Date.UTC(2026, 9, 1, 12);
const day = 86_400_000;
const zeroId = "00000000-0000-0000-0000-000000000000";

forEachTelemetry("audit records", (open) => {
  let opened: TelemetryPlace;
  let telemetry: Telemetry;
  let clock: SettableClock;
  before(async () => {
    opened = await open();
    clock = createSettableClock(start);
    telemetry = await openTelemetry({ ...opened.options, log: quietLog, clock });
  });
  after(async () => {
    await telemetry.close();
    await opened.dispose();
  });

  const read = (more: Partial<TrailFeedRequest> & { behind: TrailFeedPlace }) =>
    telemetry.trailEvents.readFeed({
      kind: "outcomes",
      categories: ["Management", "Data"],
      upToMs: clock.now(),
      rowsMax: 1_000,
      bytesMax: 1_000_000,
      ...more,
    });

  test("who follows the records gets each once, in pages bounded by count and by bytes", async () => {
    clock.advance(1_000);
    const behind = { recordedAtMs: clock.now() - 1, eventId: zeroId };
    const rows = Array.from({ length: 5 }, () =>
      trailRow({ record: JSON.stringify({ text: "x".repeat(90) }) }),
    );
    await telemetry.trailEvents.write(rows);
    clock.advance(1);
    await telemetry.trailEvents.write([trailRow({ category: "Data" })]);
    const ids = [];
    let place: TrailFeedPlace | undefined = behind;
    const sizes = [];
    while (place) {
      const page: Awaited<ReturnType<typeof read>> = await read({
        behind: place,
        categories: ["Management"],
        bytesMax: 250,
        rowsMax: 3,
      });
      ids.push(...page.events.map(({ eventId }) => eventId));
      sizes.push(page.events.length);
      place = page.next;
    }
    assert.deepEqual(ids.toSorted(), rows.map(({ eventId }) => eventId).toSorted());
    assert.deepEqual(sizes, [2, 2, 1]);
    assert.equal((await read({ behind, bytesMax: 1 })).events.length, 1);
    assert.equal((await read({ behind })).events.length, 6);
    assert.deepEqual(await read({ behind, upToMs: behind.recordedAtMs }), { events: [], next: undefined });
  });

  test("calls without outcome are told apart from those whose outcome came", async () => {
    clock.advance(1_000);
    const behind = { recordedAtMs: clock.now() - 1, eventId: zeroId };
    const [done, open_] = [trailRow({ complete: false }), trailRow({ complete: false })];
    await telemetry.trailEvents.write([done, open_]);
    clock.advance(5);
    await telemetry.trailEvents.write([{ ...done, complete: true }]);
    const idsOf = async (kind_: "open" | "outcomes") =>
      (await read({ behind, kind: kind_ })).events.map(({ eventId }) => eventId);
    assert.deepEqual(await idsOf("open"), [open_.eventId]);
    assert.deepEqual(await idsOf("outcomes"), [done.eventId]);
  });

  test("days that are over are dropped, and no other", async () => {
    const old = trailRow({ eventTimeMs: start - 40 * day });
    const kept = trailRow({ eventTimeMs: start - 30 * day });
    await telemetry.trailEvents.write([old, kept]);
    assert.equal(await telemetry.trailEvents.dropBefore(start - 30 * day), 1);
    assert.equal(await telemetry.trailEvents.dropBefore(start - 30 * day), 0);
    const { events } = await telemetry.trailEvents.search({
      filter: {},
      fromMs: start - 90 * day,
      toMs: start - 20 * day,
      openUntilMs: start,
      rowsMax: 50,
      bytesMax: 1_000_000,
    });
    assert.deepEqual(
      events.map(({ eventId }) => eventId),
      [kept.eventId],
    );
  });
});
