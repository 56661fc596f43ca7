import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { quietLog } from "../../test/support/quiet-log.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { forEachTelemetry, type TelemetryPlace } from "../../test/support/telemetries.ts";
import {
  openTelemetry,
  type Telemetry,
  type TrailEventQuery,
  type TrailEventRow,
  type TrailFeedPlace,
  type TrailFeedRequest,
} from "./index.ts";

const start = Date.UTC(2026, 9, 1, 12);
const day = 86_400_000;
const zeroId = "00000000-0000-0000-0000-000000000000";

const row = (more: Partial<TrailEventRow> = {}): TrailEventRow => ({
  eventId: randomUUID(),
  eventTimeMs: start,
  category: "Management",
  eventSource: "iam.amazonaws.com",
  eventName: "CreateUser",
  readOnly: false,
  userName: "alice",
  accessKeyId: "AKIDALICE",
  resourceTypes: ["AWS::IAM::User"],
  resourceNames: ["arn:aws:iam::1:user/bob", "bob"],
  complete: true,
  record: '{"eventVersion":"1.11"}',
  ...more,
});

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

  const find = (more: Partial<TrailEventQuery> = {}) =>
    telemetry.trailEvents.find({
      category: "Management",
      fromMs: start - 90 * day,
      toMs: start + 90 * day,
      openUntilMs: start + 90 * day,
      limit: 50,
      ...more,
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

  test("an outcome replaces its intent, and an intent of which nothing became stays", async () => {
    const [answered, open_] = [
      row({ complete: false, eventName: "A1" }),
      row({ complete: false, eventName: "A2" }),
    ];
    await telemetry.trailEvents.write([answered, open_]);
    assert.deepEqual(
      (await find({ openUntilMs: start - 1 })).map(({ eventId }) => eventId),
      [],
    );
    await telemetry.trailEvents.write([{ ...answered, complete: true, record: '{"done":true}' }]);
    const byId = (id: string) => find({ attribute: { name: "eventId", value: id.toUpperCase() } });
    assert.deepEqual(await byId(answered.eventId), [
      { eventId: answered.eventId, eventTimeMs: start, complete: true, record: '{"done":true}' },
    ]);
    assert.deepEqual(
      (await byId(open_.eventId)).map(({ complete }) => complete),
      [false],
    );
    assert.deepEqual(await byId("' OR 1=1"), []);
  });

  test("each attribute finds its events, pages go on where the last one ended, newest first", async () => {
    const at = start + 10 * day;
    const rows = Array.from({ length: 7 }, (_, index) =>
      // Several share a millisecond, so that the id has to order them.
      row({ eventTimeMs: at + Math.floor(index / 3), eventSource: "logs.amazonaws.com" }),
    );
    const other = row({
      eventTimeMs: at,
      eventName: "ListTrails",
      readOnly: true,
      userName: "o'brien\\",
      accessKeyId: "AKIDOBRIEN",
      eventSource: "cloudtrail.amazonaws.com",
      resourceTypes: ["AWS::CloudTrail::Trail"],
      resourceNames: ["main"],
    });
    const data = row({ eventTimeMs: at, category: "Data", userName: "o'brien\\" });
    await telemetry.trailEvents.write([...rows, other, data]);
    const stretch = { fromMs: at, toMs: at + 10 };
    for (const [name, value] of [
      ["eventName", "ListTrails"],
      ["readOnly", "true"],
      ["userName", "o'brien\\"],
      ["resourceType", "AWS::CloudTrail::Trail"],
      ["resourceName", "main"],
      ["eventSource", "cloudtrail.amazonaws.com"],
      ["accessKeyId", "AKIDOBRIEN"],
    ] as const) {
      const found = await find({ ...stretch, attribute: { name, value } });
      assert.deepEqual(
        found.map(({ eventId }) => eventId),
        [other.eventId],
        name,
      );
    }
    const seen = [];
    let before: Awaited<ReturnType<typeof find>>[number] | undefined;
    do {
      const page = await find({
        ...stretch,
        attribute: { name: "eventSource", value: "logs.amazonaws.com" },
        before,
        limit: 2,
      });
      before = page.at(-1);
      seen.push(...page);
    } while (before);
    assert.deepEqual(seen.map(({ eventId }) => eventId).sort(), rows.map(({ eventId }) => eventId).sort());
    assert.deepEqual(
      seen.map(({ eventTimeMs }) => eventTimeMs - at),
      [2, 1, 1, 1, 0, 0, 0],
    );
  });

  test("who follows the records gets each once, in pages bounded by count and by bytes", async () => {
    clock.advance(1_000);
    const behind = { recordedAtMs: clock.now() - 1, eventId: zeroId };
    const rows = Array.from({ length: 5 }, () => row({ record: JSON.stringify({ text: "x".repeat(90) }) }));
    await telemetry.trailEvents.write(rows);
    clock.advance(1);
    await telemetry.trailEvents.write([row({ category: "Data" })]);
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
    const [done, open_] = [row({ complete: false }), row({ complete: false })];
    await telemetry.trailEvents.write([done, open_]);
    clock.advance(5);
    await telemetry.trailEvents.write([{ ...done, complete: true }]);
    const idsOf = async (kind_: "open" | "outcomes") =>
      (await read({ behind, kind: kind_ })).events.map(({ eventId }) => eventId);
    assert.deepEqual(await idsOf("open"), [open_.eventId]);
    assert.deepEqual(await idsOf("outcomes"), [done.eventId]);
  });

  test("no name that a caller can think of keeps records from being written", async () => {
    const at = start + 20 * day;
    const name = "\ud800\0\t\\'\"\u2028ü€😀";
    await telemetry.trailEvents.write([
      row({ eventTimeMs: at, userName: name, resourceNames: [name] }),
      row(),
    ]);
    const stretch = { fromMs: at, toMs: at };
    assert.equal((await find(stretch)).length, 1);
    const attribute = { name: "resourceName", value: name.toWellFormed() } as const;
    assert.equal((await find({ ...stretch, attribute })).length, 1);
  });

  test("days that are over are dropped, and no other", async () => {
    const old = row({ eventTimeMs: start - 40 * day });
    const kept = row({ eventTimeMs: start - 30 * day });
    await telemetry.trailEvents.write([old, kept]);
    assert.equal(await telemetry.trailEvents.dropBefore(start - 30 * day), 1);
    assert.equal(await telemetry.trailEvents.dropBefore(start - 30 * day), 0);
    const left = await find({ toMs: start - 20 * day });
    assert.deepEqual(
      left.map(({ eventId }) => eventId),
      [kept.eventId],
    );
  });
});
