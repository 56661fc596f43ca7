import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { trailRow } from "../../test/support/trail-rows.ts";
import { createTrailEvents } from "./trail-events.ts";

const start = Date.UTC(2026, 9, 1, 12);
const row = trailRow({ eventTimeMs: start });

/** A store whose inserts take as long as `tookMs` says, one after the other. */
function slowStore(tookMs: readonly number[]) {
  const clock = createSettableClock(start);
  const recordedAt: string[] = [];
  const events = createTrailEvents({
    clock,
    store: {
      select: async () => [],
      command: async () => {},
      insertText: async () => {},
      ping: async () => {},
      close: async () => {},
      insert: async (_table, rows) => {
        clock.advance(tookMs[recordedAt.length] ?? 0);
        recordedAt.push((rows as { recorded_at: string }[])[0]!.recorded_at);
      },
    },
  });
  return { events, recordedAt };
}

test("a write that took long is made again, so that nobody who follows has passed it", async () => {
  const { events, recordedAt } = slowStore([8_000, 7_000]);
  await events.write([row]);
  assert.deepEqual(recordedAt, ["2026-10-01 12:00:00.000", "2026-10-01 12:00:08.000"]);
});

test("a store that stays too slow is not trusted", async () => {
  const { events, recordedAt } = slowStore([8_000, 8_000, 8_000]);
  await assert.rejects(events.write([row]), { code: "store_unavailable" });
  assert.equal(recordedAt.length, 3);
});
