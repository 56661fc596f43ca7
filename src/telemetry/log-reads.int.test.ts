import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { quietLog } from "../../test/support/quiet-log.ts";
import { forEachTelemetry, type TelemetryPlace } from "../../test/support/telemetries.ts";
import { systemClock } from "../base/index.ts";
import {
  type LogPageRequest,
  type LogPlace,
  openTelemetry,
  type StoredLogEvent,
  type Telemetry,
} from "./index.ts";

const now = Date.UTC(2026, 10, 20, 1);
const dayMs = 86_400_000;
const group = 7;

const whole = {
  logGroupId: group,
  fromMs: now - 50 * dayMs,
  toMs: now + dayMs,
  bytesMax: 2 ** 20,
  timeMsMax: 60_000,
};

forEachTelemetry("reading log events", (open) => {
  let place: TelemetryPlace;
  let telemetry: Telemetry;
  let all: StoredLogEvent[];
  before(async () => {
    place = await open();
    telemetry = await openTelemetry({ ...place.options, log: quietLog, clock: systemClock });
    await fill();
    all = await pageThrough({ ...whole, order: "asc", limit: 10_000 });
  });
  after(async () => {
    await telemetry.close();
    await place.dispose();
  });

  const append = (
    logStreamId: number,
    ingestionTimeMs: number,
    events: readonly (readonly [number, string])[],
    logGroupId = group,
  ) => {
    const rows = telemetry.logEvents.encoder({ logGroupId, logStreamId, ingestionTimeMs });
    for (const [timestampMs, message] of events) rows.addText(timestampMs, message);
    return telemetry.logEvents.append(rows.finish());
  };
  /** Three streams over thirty days, most events at the same few times, some two hours ahead or 14 days late. */
  const fill = async () => {
    for (let day = 0; day < 30; day++) {
      const arrival = now - day * dayMs;
      for (const stream of [1, 2, 2 ** 40]) {
        await append(stream, arrival, [
          ...Array.from(
            { length: 20 },
            (_, at) => [arrival - (at % 3) * 1_000, `day ${day} event ${at}`] as const,
          ),
          [arrival + 2 * 3_600_000, `day ${day} ahead`],
          [arrival - 14 * dayMs, `day ${day} late`],
        ]);
      }
    }
    await append(1, now, [[now, "of another group"]], group + 1);
  };
  const pageThrough = async (request: LogPageRequest): Promise<StoredLogEvent[]> => {
    const events: StoredLogEvent[] = [];
    let behind = request.behind;
    for (let pages = 0; pages < 10_000; pages++) {
      const page = await telemetry.logReads.page({ ...request, behind });
      assert.ok(page.events.length <= request.limit);
      events.push(...page.events);
      if (!page.next) return events;
      behind = page.next;
    }
    throw new Error("The pages have no end.");
  };

  test("every event of the group is read once, in order", () => {
    assert.equal(all.length, 30 * 3 * 22);
    assert.equal(new Set(all.map(({ sequence }) => sequence)).size, all.length);
    assert.deepEqual(all, [...all].sort(inOrder));
    assert.ok(all.every(({ message }) => message.startsWith("day ")));
  });

  test("whatever the size of the pages, their order and their range: no event twice, none lost", async () => {
    const times = fc
      .integer({ min: -31, max: 2 })
      .chain((day) => fc.constantFrom(-1_000, 0, 1, 3_600_000).map((offset) => now + day * dayMs + offset));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("asc" as const, "desc" as const),
        fc.integer({ min: 37, max: 900 }),
        times,
        times,
        fc.constantFrom<number[] | undefined>(undefined, [1], [2, 2 ** 40], [99]),
        fc.constantFrom<number[] | undefined>(undefined, [1], [3]),
        fc.constantFrom(undefined, "event 1", "late"),
        fc.constantFrom(300, 5_000, 2 ** 20),
        fc.constantFrom(100, 60_000),
        async (order, limit, fromMs, toMs, logStreamIds, exceptStreamIds, text, bytesMax, timeMsMax) => {
          const filter = text && {
            condition: "position(message, {term:String}) > 0",
            parameters: { term: text },
          };
          const found = await pageThrough({
            logGroupId: group,
            fromMs,
            toMs,
            order,
            limit,
            logStreamIds,
            exceptStreamIds,
            timeMsMax,
            bytesMax: limit < 400 ? 2 ** 20 : Math.max(bytesMax, 3_000),
            filter: filter || undefined,
          });
          const expected = all.filter(
            (event) =>
              event.timestampMs >= fromMs &&
              event.timestampMs < toMs &&
              (logStreamIds?.includes(event.logStreamId) ?? true) &&
              !exceptStreamIds?.includes(event.logStreamId) &&
              event.message.includes(text ?? ""),
          );
          assert.deepEqual(found, order === "asc" ? expected : expected.reverse());
        },
      ),
      { numRuns: 12 },
    );
  });

  test("pages of one event each go on among events of the same time", async () => {
    const request = { ...whole, fromMs: now - 2_000, toMs: now + 1, limit: 1 };
    const expected = all.filter(({ timestampMs }) => timestampMs >= now - 2_000 && timestampMs <= now);
    assert.ok(expected.length >= 60);
    assert.deepEqual(await pageThrough({ ...request, order: "asc" }), expected);
    assert.deepEqual(await pageThrough({ ...request, order: "desc" }), [...expected].reverse());
  });

  test("a search whose time is up gives what it has, and goes on from there", async () => {
    const filter = { condition: "message = {one:String}", parameters: { one: "day 29 late" } };
    const request = {
      ...whole,
      toMs: now - 42 * dayMs + 1,
      order: "desc" as const,
      limit: 10,
      filter,
      timeMsMax: 0,
    };
    const first = await telemetry.logReads.page(request);
    assert.equal(first.events.length, 0);
    assert.ok(first.next);
    assert.equal((await pageThrough(request)).length, 3);
  });

  test("a page has at most so many bytes, and one event however long it is", async () => {
    const long = "x".repeat(500_000);
    await append(
      5,
      now,
      Array.from({ length: 5 }, (_, at) => [now + at, long] as const),
      9,
    );
    const request = { ...whole, logGroupId: 9, order: "asc" as const, limit: 100 };
    const sizes = async (bytesMax: number) => {
      const lengths: number[] = [];
      let behind: LogPlace | undefined;
      do {
        const page = await telemetry.logReads.page({ ...request, bytesMax, behind });
        lengths.push(page.events.length);
        behind = page.next;
      } while (behind);
      return lengths;
    };
    assert.deepEqual(await sizes(1_000_052), [2, 2, 1]);
    assert.deepEqual(await sizes(1_000_051), [1, 1, 1, 1, 1]);
    assert.deepEqual(await sizes(1), [1, 1, 1, 1, 1]);
  });

  test("counts per stretch of time add up to what there is", async () => {
    const counts = await telemetry.logReads.histogram({ ...whole, logStreamIds: [1] }, dayMs);
    const expected = new Map<number, number>();
    for (const { timestampMs, logStreamId } of all) {
      const start = timestampMs - (timestampMs % dayMs);
      if (logStreamId === 1) expected.set(start, (expected.get(start) ?? 0) + 1);
    }
    assert.deepEqual(new Map(counts.map(({ startMs, count }) => [startMs, count])), expected);
  });

  test("arrivals come in their order, behind a place and without those that are known", async () => {
    const request = {
      logGroupId: group,
      sinceMs: now - dayMs,
      fromMs: 0,
      except: [] as number[],
      limit: 1_000,
    };
    const found = await telemetry.logReads.arrivals(request);
    const expected = all
      .filter(({ ingestionMs }) => ingestionMs >= now - dayMs)
      .sort((a, b) => a.ingestionMs - b.ingestionMs || a.sequence - b.sequence);
    assert.deepEqual(found, expected);
    const rest = await telemetry.logReads.arrivals({
      ...request,
      behind: expected[10]!,
      except: [expected[12]!.sequence],
      limit: 5,
    });
    assert.deepEqual(rest, [expected[11], ...expected.slice(13, 17)]);
  });
});

function inOrder(a: LogPlace, b: LogPlace): number {
  return a.timestampMs - b.timestampMs || a.ingestionMs - b.ingestionMs || a.sequence - b.sequence;
}
