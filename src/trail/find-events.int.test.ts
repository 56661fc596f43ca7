import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Harness, keyUse, managementEvent, openHarness } from "../../test/support/trail.ts";
import { writeToken } from "../base/index.ts";
import { type TrailEventPage, trailEventPage, trailEventQuery } from "../contract/index.ts";
import type { Trail } from "./index.ts";

const start = Date.UTC(2026, 10, 21, 1, 2, 3);
const hour = 3_600_000;
const day = 24 * hour;

const sender = (credentialId: string) => ({
  type: "IAMUser" as const,
  principalId: "AIDASENDER",
  arn: "arn:aws:iam::000000000000:user/sender",
  accountId: "000000000000",
  userName: "sender",
  credentialId,
});

describe("audit records of both categories", () => {
  let harness: Harness;
  let trail: Trail;
  before(async () => {
    harness = await openHarness(start);
    trail = harness.open();
    for (let index = 0; index < 6; index++) {
      const requestId = `request-${index}`;
      if (index % 2 === 0) await trail.recorder.write(managementEvent(harness.clock, { requestId }), {});
      else {
        const refused = index === 3 ? { errorCode: "UnauthorizedException", errorMessage: "No." } : {};
        const userIdentity = sender(index < 5 ? "ACCAONE" : "ACCATWO");
        await trail.recorder.write(keyUse(harness.clock, { requestId, userIdentity }), refused);
      }
      harness.clock.advance(700);
    }
  });
  after(() => harness.dispose());

  const find = (query: Record<string, unknown> = {}) => trail.find(trailEventQuery.parse(query));
  const requestsOf = ({ items }: TrailEventPage) => items.map(({ record }) => record.requestID);
  const refuses = (path: string, result: Promise<unknown>) =>
    assert.rejects(
      result,
      (error: { code?: string; fields?: { path: string }[] }) =>
        error.code === "validation_failed" && error.fields?.[0]?.path === path,
    );

  test("are found together in the order of time, newest first", async () => {
    const page = await find();
    assert.deepEqual(
      requestsOf(page),
      [5, 4, 3, 2, 1, 0].map((index) => `request-${index}`),
    );
    assert.equal(page.nextCursor, null);
    assert.deepEqual(requestsOf(await find({ category: "Data" })), ["request-5", "request-3", "request-1"]);
    assert.deepEqual(trailEventPage.parse(page), page);
  });

  test("tell what a key was used for, and what of it was refused", async () => {
    assert.deepEqual(requestsOf(await find({ credentialId: "ACCAONE" })), ["request-3", "request-1"]);
    assert.deepEqual(requestsOf(await find({ credentialId: "ACCAONE", failed: "false" })), ["request-1"]);
    const { items } = await find({ credentialId: "ACCAONE", failed: "true" });
    const [{ id, record, ...event } = assert.fail("Nothing was found.")] = items;
    assert.equal(id, record.eventID);
    assert.equal(record.eventName, "CallWithBearerToken");
    assert.deepEqual(event, {
      timestamp: "2026-11-21T01:02:05.100Z",
      category: "Data",
      source: "logs.amazonaws.com",
      name: "CallWithBearerToken",
      userName: "sender",
      accessKeyId: null,
      credentialId: "ACCAONE",
      sourceIp: "192.0.2.7",
      userAgent: "test",
      readOnly: false,
      errorCode: "UnauthorizedException",
      errorMessage: "No.",
      resources: [
        {
          type: "AWS::Logs::LogGroupAuthorization",
          arn: "arn:aws:logs:us-east-1:000000000000:log-group:/app/orders",
        },
      ],
    });
    assert.deepEqual(requestsOf(await find({ errorCode: "UnauthorizedException" })), ["request-3"]);
    assert.deepEqual(requestsOf(await find({ resourceName: "/app/orders", sourceIp: "192.0.2.8" })), []);
  });

  test("come in pages that go on for the same question only", async () => {
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page: TrailEventPage = await find({ sourceIp: "192.0.2.7", limit: 4, cursor });
      seen.push(...requestsOf(page));
      cursor = page.nextCursor ?? undefined;
      if (!cursor) break;
      for (const other of [{}, { sourceIp: "192.0.2.8" }, { sourceIp: "192.0.2.7", category: "Data" }])
        await refuses("cursor", find({ ...other, cursor }));
    } while (cursor);
    assert.deepEqual(
      seen,
      [5, 4, 3, 2, 1, 0].map((index) => `request-${index}`),
    );
    const list = ["events", undefined, undefined, undefined, {}];
    const id = "00000000-0000-4000-8000-000000000000";
    assert.equal((await find({ cursor: writeToken(list, [start + 1, id, 0]) })).items.length, 1);
    for (const position of [
      [start, "x", 0],
      ["now", id, 0],
      [start, id],
    ])
      await refuses("cursor", find({ cursor: writeToken(list, position) }));
    for (const text of ["", "x"]) await refuses("cursor", find({ cursor: text }));
  });

  test("are those of the last 24 hours unless a range is given, whose end is not part of it", async () => {
    const firstAt = new Date(start).toISOString();
    assert.deepEqual(requestsOf(await find({ to: new Date(start + 1).toISOString() })), ["request-0"]);
    assert.deepEqual(requestsOf(await find({ to: firstAt })), []);
    assert.deepEqual(requestsOf(await find({ from: firstAt, to: String(start + 1) })), ["request-0"]);
    await refuses("from", find({ from: String(start + 1), to: firstAt }));
    await refuses("from", find({ from: String(harness.clock.now() + hour) }));
    const later = harness.open({ clock: { ...harness.clock, now: () => start + day + 1_000 } });
    const page = await later.find(trailEventQuery.parse({ limit: 2 }));
    assert.deepEqual(requestsOf(page), ["request-5", "request-4"]);
    // While somebody reads the first page, the end of the range does not move on.
    const muchLater = harness.open({ clock: { ...harness.clock, now: () => start + day + 60_000 } });
    const next = await muchLater.find(trailEventQuery.parse({ limit: 9, cursor: page.nextCursor }));
    assert.deepEqual(requestsOf(next), ["request-3", "request-2"]);
    assert.equal((await muchLater.find(trailEventQuery.parse({}))).items.length, 0);
    const expired = harness.open({
      retentionDays: 1,
      clock: { ...harness.clock, now: () => start + 2 * day },
    });
    assert.equal((await expired.find(trailEventQuery.parse({ from: firstAt }))).items.length, 0);
  });

  test("show a call without outcome after a minute, as one that failed", async () => {
    const eventName = "DeleteUser";
    const call = await trail.recorder.begin(managementEvent(harness.clock, { eventName }));
    await trail.recorder.begin(managementEvent(harness.clock, { eventName, requestId: "never" }));
    assert.equal((await find({ eventName })).items.length, 0);
    harness.clock.advance(61_000);
    assert.equal((await find({ eventName, failed: "true" })).items.length, 2);
    await call.finish({});
    assert.equal((await find({ eventName })).items.length, 2);
    assert.deepEqual(requestsOf(await find({ eventName, failed: "false" })), ["request-1"]);
    const page = await find({ errorCode: "OutcomeUnknown" });
    assert.deepEqual(requestsOf(page), ["never"]);
    assert.deepEqual(
      [page.items[0]?.errorCode, page.items[0]?.record.errorCode],
      ["OutcomeUnknown", "OutcomeUnknown"],
    );
  });
});
