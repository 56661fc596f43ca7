import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { quietLog } from "../../test/support/quiet-log.ts";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { forEachTelemetry, type TelemetryPlace } from "../../test/support/telemetries.ts";
import { trailRow } from "../../test/support/trail-rows.ts";
import {
  openTelemetry,
  type StoredTrailEvent,
  type Telemetry,
  type TrailEventFilter,
  type TrailEventSearch,
  type TrailPlace,
} from "./index.ts";

const start = Date.UTC(2026, 9, 1, 12);
const day = 86_400_000;

forEachTelemetry("searching audit records", (open) => {
  let opened: TelemetryPlace;
  let telemetry: Telemetry;
  before(async () => {
    opened = await open();
    telemetry = await openTelemetry({ ...opened.options, log: quietLog, clock: createSettableClock(start) });
  });
  after(async () => {
    await telemetry.close();
    await opened.dispose();
  });

  const write = (...rows: ReturnType<typeof trailRow>[]) => telemetry.trailEvents.write(rows);
  const search = (more: Partial<TrailEventSearch> = {}) =>
    telemetry.trailEvents.search({
      filter: {},
      fromMs: start - 90 * day,
      toMs: start + 90 * day,
      openUntilMs: start + 90 * day,
      rowsMax: 50,
      bytesMax: 1_000_000,
      ...more,
    });
  const idsOf = async (more: Partial<TrailEventSearch>) =>
    (await search(more)).events.map(({ eventId }) => eventId);
  /** All pages of a search. */
  const readAll = async (more: Partial<TrailEventSearch>) => {
    const pages: (readonly StoredTrailEvent[])[] = [];
    let before: TrailPlace | undefined;
    do {
      const page = await search({ ...more, before });
      pages.push(page.events);
      before = page.next;
    } while (before);
    return pages;
  };

  test("an outcome replaces its intent, and an intent of which nothing became stays", async () => {
    const answered = trailRow({ complete: false, errorCode: "OutcomeUnknown" });
    const open_ = trailRow({ complete: false, errorCode: "OutcomeUnknown" });
    await write(answered, open_);
    assert.deepEqual(await idsOf({ openUntilMs: start - 1 }), []);
    await write({ ...answered, complete: true, errorCode: "", record: '{"done":true}' });
    const byId = async (eventId: string) => (await search({ filter: { eventId } })).events;
    assert.deepEqual(await byId(answered.eventId.toUpperCase()), [
      { eventId: answered.eventId, eventTimeMs: start, complete: true, record: '{"done":true}' },
    ]);
    assert.deepEqual(
      (await byId(open_.eventId)).map(({ complete }) => complete),
      [false],
    );
    assert.deepEqual(await byId("' OR 1=1"), []);
  });

  // Before the engine has merged them, both rows of a call are there, and only the first of them looks like a failure.
  test("how a call ended is told by its outcome, and only without one by its intent", async () => {
    const at = start + 5 * day;
    const intent = (eventName: string) =>
      trailRow({ eventTimeMs: at, eventName, complete: false, errorCode: "OutcomeUnknown" });
    const [good, bad, never] = [intent("Good"), intent("Bad"), intent("Never")];
    await write(good, bad, never);
    await write(
      { ...good, complete: true, errorCode: "" },
      { ...bad, complete: true, errorCode: "AccessDenied" },
    );
    const namesOf = async (filter: TrailEventFilter) => {
      const { events } = await search({ fromMs: at, toMs: at, filter });
      const names = new Map([good, bad, never].map(({ eventId, eventName }) => [eventId, eventName]));
      return events.map(({ eventId }) => names.get(eventId)).sort();
    };
    assert.deepEqual(await namesOf({ failed: true }), ["Bad", "Never"]);
    assert.deepEqual(await namesOf({ failed: false }), ["Good"]);
    assert.deepEqual(await namesOf({ errorCode: "AccessDenied" }), ["Bad"]);
    assert.deepEqual(await namesOf({ errorCode: "OutcomeUnknown" }), ["Never"]);
    assert.deepEqual(await namesOf({ errorCode: "AccessDenied", failed: false }), []);
    assert.deepEqual(await namesOf({}), ["Bad", "Good", "Never"]);
  });

  test("each filter finds its events, and all that are given have to hold", async () => {
    const at = start + 10 * day;
    const rows = Array.from({ length: 3 }, () =>
      trailRow({ eventTimeMs: at, eventSource: "logs.amazonaws.com" }),
    );
    const named = {
      eventName: "ListTrails",
      readOnly: true,
      userName: "o'brien\\",
      accessKeyId: "AKIDOBRIEN",
      credentialId: "ACCAOBRIEN",
      sourceIp: "2001:db8::7",
      errorCode: "AccessDenied",
      eventSource: "cloudtrail.amazonaws.com",
    };
    const other = trailRow({
      eventTimeMs: at,
      ...named,
      resourceTypes: ["AWS::CloudTrail::Trail"],
      resourceNames: ["main"],
    });
    const data = trailRow({ eventTimeMs: at, category: "Data" });
    await write(...rows, other, data);
    const stretch = { fromMs: at, toMs: at };
    const found: Required<TrailEventFilter> = {
      ...named,
      eventId: other.eventId,
      failed: true,
      resourceType: "AWS::CloudTrail::Trail",
      resourceName: "main",
    };
    for (const [name, value] of Object.entries(found))
      assert.deepEqual(await idsOf({ ...stretch, filter: { [name]: value } }), [other.eventId], name);
    assert.deepEqual(await idsOf({ ...stretch, filter: found }), [other.eventId]);
    assert.deepEqual(await idsOf({ ...stretch, filter: { ...found, userName: "alice" } }), []);
    assert.deepEqual(await idsOf({ ...stretch, category: "Data" }), [data.eventId]);
    assert.equal((await idsOf({ ...stretch, category: "Management" })).length, 4);
  });

  test("pages of both categories go on where the last one ended, newest first", async () => {
    const at = start + 15 * day;
    const rows = Array.from({ length: 14 }, (_, index) =>
      // Several share a millisecond, so that the id has to order them.
      trailRow({
        eventTimeMs: at + Math.floor(index / 6),
        category: index % 2 === 0 ? "Data" : "Management",
        record: JSON.stringify({ index, text: "x".repeat(80) }),
      }),
    );
    await write(...rows);
    const stretch = { fromMs: at, toMs: at + 10 };
    for (const size of [{ rowsMax: 3 }, { bytesMax: 320 }, { bytesMax: 1 }, { rowsMax: 14 }]) {
      const pages = await readAll({ ...stretch, ...size });
      const seen = pages.flat();
      assert.deepEqual(
        seen.map(({ eventId }) => eventId).sort(),
        rows.map(({ eventId }) => eventId).sort(),
        JSON.stringify(size),
      );
      assert.deepEqual(
        seen.map(({ eventTimeMs }) => eventTimeMs - at),
        [2, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
      );
      for (const { eventId, record } of seen)
        assert.equal(record, rows.find((row) => row.eventId === eventId)?.record);
    }
    assert.deepEqual(
      (await readAll({ ...stretch, bytesMax: 320 })).map(({ length }) => length),
      [3, 3, 3, 3, 2],
    );
    assert.deepEqual(
      (await readAll({ ...stretch, rowsMax: 7 })).map(({ length }) => length),
      [7, 7],
    );
  });

  test("no name that a caller can think of keeps records from being written or found", async () => {
    const at = start + 20 * day;
    const name = "\ud800\0\t\\'\"\u2028ü€😀";
    await write(
      trailRow({
        eventTimeMs: at,
        userName: name,
        resourceNames: [name],
        credentialId: "ACCAONE",
        record: JSON.stringify({ name, userIdentity: { credentialId: "ACCAONE" } }),
      }),
      trailRow(),
    );
    const stretch = { fromMs: at, toMs: at };
    assert.equal((await idsOf(stretch)).length, 1);
    assert.equal((await idsOf({ ...stretch, filter: { resourceName: name.toWellFormed() } })).length, 1);
    assert.equal((await idsOf({ ...stretch, filter: { credentialId: "ACCAONE" } })).length, 1);
  });
});
