import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { callApi, type Harness, keyUse, managementEvent, openHarness } from "../../../test/support/trail.ts";
import type { Trail } from "../index.ts";
import { changeTrail } from "../trails-queries.ts";

const start = Date.UTC(2026, 10, 21, 1, 2, 3);
const minute = 60_000;

let harness: Harness;
let trail: Trail;
before(async () => {
  harness = await openHarness(start);
  trail = harness.open();
});
after(() => harness.dispose());

/** A trail of its own, logging; another one is deleted for it, as there may be five. */
let made = 0;
async function makeTrail(more: object = {}): Promise<{ name: string; bucket: string }> {
  const [name, bucket] = [`trail-${++made}`, `bucket-${made}`];
  if (made > 5) await callApi(trail, "DeleteTrail", { Name: `trail-${made - 5}` });
  await callApi(trail, "CreateTrail", { Name: name, S3BucketName: bucket, ...more });
  await callApi(trail, "StartLogging", { Name: name });
  harness.clock.advance(1);
  return { name, bucket };
}

const idsIn = async (bucket: string) =>
  (await harness.filesOf(bucket)).flatMap(({ records }) => records.map(({ requestID }) => requestID));
const write = (requestId: string, more: object = {}) =>
  trail.recorder.write(managementEvent(harness.clock, { requestId, ...more }), {});
const statusOf = (name: string) => callApi(trail, "GetTrailStatus", { Name: name });

test("events are delivered from StartLogging on, each once, in files as CloudTrail writes them", async () => {
  await write("before");
  harness.clock.advance(1);
  const { name, bucket } = await makeTrail({ S3KeyPrefix: "audit/main" });
  await write("one");
  await write("two");
  await trail.deliver();
  assert.deepEqual(await harness.filesOf(bucket), []);
  harness.clock.advance(20_000);
  await trail.deliver();
  const [file, ...others] = await harness.filesOf(bucket);
  assert.deepEqual(others, []);
  assert.match(
    file?.key ?? "",
    /^audit\/main\/AWSLogs\/000000000000\/CloudTrail\/us-east-1\/2026\/11\/21\/000000000000_CloudTrail_us-east-1_20261121T0102Z_[A-Za-z0-9]{16}\.json\.gz$/,
  );
  assert.deepEqual(file?.records.map(({ requestID }) => requestID).sort(), ["one", "two"]);
  assert.equal(file?.records[0]?.eventVersion, "1.11");
  await trail.deliver();
  assert.equal((await harness.filesOf(bucket)).length, 1);

  const status = await statusOf(name);
  assert.equal(status.IsLogging, true);
  assert.deepEqual(status.LatestDeliveryTime, new Date(harness.clock.now()));
  assert.equal(status.LatestDeliveryAttemptSucceeded, "2026-11-21T01:02:23Z");
  assert.equal(status.LatestDeliveryError, undefined);

  const path = join(harness.directory, "buckets", bucket, file?.key ?? "");
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  for (let folder = join(path, ".."); folder !== harness.directory; folder = join(folder, ".."))
    assert.equal((await stat(folder)).mode & 0o777, 0o700, folder);
});

test("a call without outcome is delivered after a minute, and again when its outcome comes after all", async () => {
  const { bucket } = await makeTrail();
  const intent = await trail.recorder.begin(managementEvent(harness.clock, { requestId: "slow" }));
  const quick = await trail.recorder.begin(managementEvent(harness.clock, { requestId: "quick" }));
  await quick.finish({ responseElements: { done: true } });
  harness.clock.advance(30_000);
  await trail.deliver();
  assert.deepEqual(await idsIn(bucket), ["quick"]);
  harness.clock.advance(31_000);
  await trail.deliver();
  const unknown = (await harness.filesOf(bucket)).flatMap(({ records }) => records);
  assert.deepEqual(unknown.map(({ requestID, errorCode }) => [requestID, errorCode]).sort(), [
    ["quick", undefined],
    ["slow", "OutcomeUnknown"],
  ]);
  await intent.finish({ errorCode: "AccessDenied", errorMessage: "No." });
  harness.clock.advance(20_000);
  await trail.deliver();
  const slow = (await harness.filesOf(bucket))
    .flatMap(({ records }) => records)
    .filter(({ requestID }) => requestID === "slow");
  assert.deepEqual(slow.map(({ errorCode }) => errorCode).sort(), ["AccessDenied", "OutcomeUnknown"]);
  assert.equal(new Set(slow.map(({ eventID }) => eventID)).size, 1);
});

test("selectors decide: uses of API keys only, and no management event", async () => {
  const { name, bucket } = await makeTrail();
  await callApi(trail, "PutEventSelectors", {
    TrailName: name,
    AdvancedEventSelectors: [
      {
        FieldSelectors: [
          { Field: "eventCategory", Equals: ["Data"] },
          { Field: "resources.type", Equals: ["AWS::Logs::LogGroupAuthorization"] },
        ],
      },
    ],
  });
  await write("management");
  trail.recorder.note(keyUse(harness.clock, { requestId: "key" }), {});
  await trail.flush();
  harness.clock.advance(20_000);
  await trail.deliver();
  assert.deepEqual(await idsIn(bucket), ["key"]);
});

test("nothing of a pause is delivered, everything around it is, the call that stopped it included", async () => {
  const { name, bucket } = await makeTrail();
  await write("early");
  harness.clock.advance(1_000);
  const stop = await trail.recorder.begin(managementEvent(harness.clock, { requestId: "stop" }));
  harness.clock.advance(1);
  await callApi(trail, "StopLogging", { Name: name });
  harness.clock.advance(5);
  await stop.finish({});
  assert.equal((await statusOf(name)).IsLogging, false);
  harness.clock.advance(1_000);
  await write("paused");
  harness.clock.advance(20 * minute);
  await trail.deliver();
  await write("paused too");
  harness.clock.advance(20 * minute);
  await callApi(trail, "StartLogging", { Name: name });
  harness.clock.advance(1);
  await write("late");
  harness.clock.advance(20_000);
  await trail.deliver();
  assert.deepEqual((await idsIn(bucket)).sort(), ["early", "late", "stop"]);
});

test("a crash between the file and the position repeats that file, and loses nothing", async () => {
  const { name, bucket } = await makeTrail();
  await write("one");
  harness.clock.advance(20_000);
  const dying = harness.open({
    buckets: {
      ...harness.buckets,
      put: async (...given) => {
        await harness.buckets.put(...given);
        // What another process does when the lease of one that hangs is over.
        await changeTrail(harness.stores.database.kysely, name, () => ({ leased_by: "another" }));
      },
    },
  });
  await dying.deliver();
  assert.deepEqual(await idsIn(bucket), ["one"]);
  await trail.deliver();
  assert.deepEqual(await idsIn(bucket), ["one"], "the lease of the dead still holds");
  await write("two");
  harness.clock.advance(2 * minute);
  await trail.deliver();
  assert.deepEqual((await idsIn(bucket)).sort(), ["one", "one", "two"]);
  await trail.deliver();
  assert.equal((await idsIn(bucket)).length, 3);
});

test("a full disk is shown, and delivery goes on where it was when there is room again", async () => {
  const { name, bucket } = await makeTrail();
  await write("one");
  harness.clock.advance(20_000);
  const full = harness.open({
    buckets: {
      ...harness.buckets,
      put: () => Promise.reject(Object.assign(new Error("write /secret/path"), { code: "ENOSPC" })),
    },
  });
  await full.deliver();
  const status = await statusOf(name);
  assert.equal(status.LatestDeliveryError, "The disk of the bucket is full. (ENOSPC)");
  assert.equal(status.LatestDeliveryTime, undefined);
  assert.notEqual(status.LatestDeliveryAttemptTime, "");
  assert.equal(status.IsLogging, true);
  await trail.deliver();
  assert.deepEqual(await idsIn(bucket), ["one"]);
  assert.equal((await statusOf(name)).LatestDeliveryError, undefined);
});

test("two that deliver at once write no event twice", async () => {
  const { bucket } = await makeTrail();
  for (let i = 0; i < 20; i++) await write(`event ${i}`);
  harness.clock.advance(20_000);
  await Promise.all([harness.open().deliver(), harness.open().deliver(), trail.deliver()]);
  const ids = await idsIn(bucket);
  assert.equal(ids.length, 20);
  assert.equal(new Set(ids).size, 20);
});

test("a backlog is delivered in files of bounded size, with nothing left out", async () => {
  const { bucket } = await makeTrail();
  const text = "x".repeat(90_000);
  await Promise.all(
    Array.from({ length: 130 }, (_, i) => write(`big ${i}`, { requestParameters: { text } })),
  );
  harness.clock.advance(20_000);
  await trail.deliver();
  const files = await harness.filesOf(bucket);
  assert.equal(files.length, 2);
  assert.equal(new Set(await idsIn(bucket)).size, 130);
  for (const { records } of files) assert.ok(JSON.stringify(records).length <= 10 * 2 ** 20);
});

test("a trail that is deleted while it is delivered ends quietly", async () => {
  const { name, bucket } = await makeTrail();
  await write("one");
  harness.clock.advance(20_000);
  const deleted = harness.open({
    buckets: {
      ...harness.buckets,
      put: async (...given) => {
        await harness.buckets.put(...given);
        if (given[0] === bucket) await callApi(trail, "DeleteTrail", { Name: name });
      },
    },
  });
  await deleted.deliver();
  assert.deepEqual(await idsIn(bucket), ["one"]);
  await assert.rejects(statusOf(name), { code: "TrailNotFoundException" });
});
