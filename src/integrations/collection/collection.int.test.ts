import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../../test/support/databases.ts";
import { createSettableClock, type SettableClock } from "../../../test/support/settable-clock.ts";
import { systemRandom } from "../../base/index.ts";
import { createRuns } from "../runs.ts";
import type { Books, NewOwed, Position } from "../types/integration-type.ts";
import { openBooks } from "./books.ts";
import { type Collection, createCollection } from "./collection.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 21, 12);
const id = "11111111-1111-4111-8111-111111111111";
const scope = "us-east-1";

const position = (more: Partial<Position> = {}): Position => ({
  startedAt: now - 3 * day,
  storedTo: now - 2 * minute,
  askedAt: now - minute,
  metrics: 100,
  readings: [now - day],
  trouble: null,
  ...more,
});
const owed = (more: Partial<NewOwed> = {}): NewOwed => ({
  from: now - 3 * hour,
  to: now - 2 * hour,
  fromKey: null,
  toKey: null,
  firstMetric: null,
  lastMetric: null,
  metrics: 0,
  reading: 0,
  reason: "throttled",
  detail: "Rate exceeded.",
  tries: 1,
  dueAt: now,
  owedSince: now - hour,
  ...more,
});
const origin = {
  integrationId: id,
  accountId: "222222222222",
  region: "us-east-1",
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  periodSeconds: 60,
};
const page = { offset: 0, limit: 10 };

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  let books: Books;
  let collection: Collection;
  let learned: number | undefined;

  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(now);
    learned = undefined;
    const db = opened.database.kysely;
    await addIntegration();
    const runs = createRuns({ db, clock, random: systemRandom });
    const run = await runs.begin({
      integrationId: id,
      jobId: "j",
      trigger: "schedule",
      workerId: "w",
      leaseMs: hour,
    });
    books = openBooks({ db, clock, random: systemRandom }, id, run ?? "");
    collection = createCollection({ db, clock, delayOf: async () => learned });
  });
  afterEach(() => opened.database.kysely.deleteFrom("integrations").execute());

  function addIntegration() {
    return opened.database.kysely
      .insertInto("integrations")
      .values({
        id,
        name: "Production",
        service: "CLOUDWATCH",
        config: JSON.stringify({
          namespaces: ["AWS/EC2"],
          metricFilterRegex: "aws.ec2.(cpu|disk).*",
          pointTagFilterRegex: "",
          instanceSelectionTags: {},
          volumeSelectionTags: {},
          statistics: ["Average"],
        }),
        role_arn: "",
        external_id: "",
        credential_id: null,
        reuse_external_id_credential: null,
        additional_tags: "{}",
        refresh_minutes: 5,
        disabled: false,
        disabled_by_error: false,
        trashed_at: null,
        created_at: new Date(now - 3 * day),
        created_by: "t",
        updated_at: new Date(now - 3 * day),
        updated_by: "t",
        last_received_point_at: null,
        last_metric_count: null,
        last_processed_at: new Date(now),
        last_processor_id: null,
        last_error: null,
        last_error_at: null,
        last_error_event: null,
        consecutive_failures: 0,
        next_run_at: null,
      })
      .execute();
  }

  test("an entry is kept whole: position, owed windows and gaps", async () => {
    await books.record(scope, {
      position: position(),
      owe: [owed(), owed({ reading: 1, reason: "re-read" })],
    });
    assert.deepEqual(await books.position(scope), position());
    const [first, second] = await books.owed(scope);
    assert.deepEqual(
      { ...first, id: "" },
      { ...owed({ reading: first?.reading ?? 0, reason: first?.reason ?? "error" }), id: "" },
    );
    await books.record(scope, { settled: [first?.id ?? ""], lost: [owed()] });
    assert.deepEqual(
      (await books.owed(scope)).map((one) => one.id),
      [second?.id],
    );
    assert.equal((await collection.gaps({ ...page, integrationId: id })).totalItems, 1);
  });

  test("a gap that grows at its end stays one gap", async () => {
    await books.record(scope, { lost: [owed()] });
    await books.record(scope, { lost: [owed({ from: now - 2 * hour, to: now - hour })] });
    await books.record(scope, {
      lost: [owed({ from: now - hour, to: now, metrics: 3, firstMetric: "a", lastMetric: "b" })],
    });
    const { items } = await collection.gaps(page);
    assert.deepEqual(
      items.map(({ from, to, metrics }) => [Date.parse(from), Date.parse(to), metrics]),
      [
        [now - hour, now, 3],
        [now - 3 * hour, now - hour, 0],
      ],
    );
  });

  test("hashes of known metrics come back as they were", async () => {
    await books.record(scope, { position: position() });
    assert.equal(await books.knownMetrics(scope), undefined);
    const bytes = new Uint8Array(new Float64Array([1, 2 ** 51 + 1]).buffer);
    await books.noteListing(scope, { listedAt: now, names: {} }, bytes);
    assert.deepEqual([...((await books.knownMetrics(scope)) ?? [])], [...bytes]);
  });

  test("owed windows are listed with where they are, oldest first, missing ones apart from re-readings", async () => {
    await books.record("333333333333:eu-west-1/billing", {
      owe: [
        owed({
          from: now - hour,
          to: now,
          metrics: 2,
          firstMetric: "AWS/Billing A",
          lastMetric: "AWS/Billing B",
        }),
        owed(),
        owed({ reading: 2, reason: "re-read" }),
      ],
    });
    const missing = await collection.owed({ ...page, what: "missing" });
    assert.equal(missing.totalItems, 2);
    assert.deepEqual(
      missing.items.map(({ accountId, region, kind, metrics, integrationName }) => [
        accountId,
        region,
        kind,
        metrics,
        integrationName,
      ]),
      [
        ["333333333333", "eu-west-1", "billing", 0, "Production"],
        ["333333333333", "eu-west-1", "billing", 2, "Production"],
      ],
    );
    assert.equal((await collection.owed({ ...page, what: "re-read" })).totalItems, 1);
    assert.equal((await collection.owed({ ...page, what: "all", reason: "throttled" })).totalItems, 2);
    assert.equal((await collection.owed({ ...page, what: "all", integrationId: "nobody" })).totalItems, 0);
    assert.equal((await collection.owed({ offset: 1, limit: 1, what: "all" })).moreItems, true);
  });

  test("completeness counts metric-minutes: what is owed, what is lost, and what is late", async () => {
    await books.record(scope, { position: position() });
    const share = async () => (await collection.completeness({ integrationId: id })).items[0];
    assert.equal((await share())?.lastDay.share, 1);
    await books.record(scope, {
      owe: [owed(), owed({ reading: 1, reason: "re-read" })],
      lost: [owed({ from: now - 5 * hour, to: now - 4 * hour, metrics: 50 })],
    });
    const found = await share();
    assert.equal(found?.lastDay.owed, 60 * 100);
    assert.equal(found?.lastDay.lost, 60 * 50);
    assert.equal(found?.lastDay.share, 1 - 9000 / found.lastDay.expected);
    assert.deepEqual([found?.owedWindows, found?.rereadWindows, found?.gaps], [1, 1, 1]);
    assert.equal(found?.oldestOwedAt, new Date(now - 3 * hour).toISOString());
    clock.advance(hour);
    const late = await share();
    assert.ok(late && late.lastDay.owed > 9000, "what the last hour's runs should have read");
  });

  test("what is no longer asked for owes nothing, and is not held against the rest", async () => {
    const gone = "eu-west-1";
    await books.record(scope, { position: position() });
    await books.record(gone, {
      position: position({ storedTo: now - 2 * day }),
      owe: [owed(), owed({ reading: 1 })],
      lost: [owed({ metrics: 50 })],
    });
    await books.retire((name) => name !== gone);
    const [one] = (await collection.completeness({ integrationId: id })).items;
    assert.deepEqual([one?.lastDay.share, one?.owedWindows, one?.rereadWindows], [1, 0, 0]);
    assert.equal((await books.position(gone))?.storedTo, now - 2 * day);
  });

  test("an integration that is disabled is not expected to read on", async () => {
    await books.record(scope, { position: position() });
    await opened.database.kysely.updateTable("integrations").set({ disabled: true }).execute();
    clock.advance(5 * hour);
    const { items } = await collection.completeness({});
    assert.equal(items[0]?.lastDay.share, 1);
  });

  test("points are settled when they were read late enough, as learned or as is usual", async () => {
    await books.record(scope, { position: position(), owe: [owed()] });
    const range = { from: now - day, to: now };
    const usual = await collection.describe(origin, range);
    assert.equal(usual.settledTo, now - 16 * minute);
    assert.deepEqual(usual.missing, [
      {
        from: now - 3 * hour,
        to: now - 2 * hour,
        integrationId: id,
        region: "us-east-1",
        reason: "throttled",
        lost: false,
      },
    ]);
    learned = 3600;
    assert.equal((await collection.describe(origin, range)).settledTo, now - 61 * minute);
    assert.deepEqual(await collection.describe({ ...origin, region: "eu-west-1" }, range), {
      settledTo: 0,
      missing: [],
    });
  });

  test("windows of other metrics are not missing from a series", async () => {
    const other = owed({
      fromKey: "x",
      toKey: "y",
      firstMetric: "AWS/RDS A",
      lastMetric: "AWS/RDS B",
      metrics: 2,
    });
    await books.record(scope, { position: position(), owe: [other] });
    assert.deepEqual((await collection.describe(origin, { from: now - day, to: now })).missing, []);
  });

  test("however many windows concern other metrics, the one that concerns this series is told", async () => {
    const others = Array.from({ length: 250 }, (_, i) =>
      owed({ firstMetric: "AWS/RDS A", lastMetric: "AWS/RDS B", metrics: 2, from: now - 4 * hour + i }),
    );
    const own = owed({ firstMetric: "AWS/EC2 A", lastMetric: "AWS/EC2 Z", metrics: 9, reason: "denied" });
    await books.record(scope, { position: position(), owe: [...others, own] });
    const { missing } = await collection.describe(origin, { from: now - day, to: now });
    assert.deepEqual(
      missing.map(({ reason }) => reason),
      ["denied"],
    );
  });

  test("another account's series are judged by that account's readings", async () => {
    await books.record(scope, { position: position() });
    await books.record(`222222222222:${scope}`, { position: position({ askedAt: now - hour }) });
    const { settledTo } = await collection.describe(origin, { from: 0, to: now });
    assert.equal(settledTo, now - hour - 15 * minute);
  });

  const question = {
    namespace: "AWS/EC2",
    metricName: "CPUUtilization",
    statistic: "Average",
    from: now - 2 * day,
    to: now - hour,
  };
  const reasonFor = async (more: Partial<typeof question & { integrationId: string; region: string }> = {}) =>
    (await collection.explain({ ...question, ...more })).reason;
  const listing = { "AWS/EC2": { CPUUtilization: [4, 4], DiskReadOps: [2, 0] } } as const;

  test("no data has a reason: from the settings", async () => {
    await books.record(scope, { position: position() });
    assert.equal(await reasonFor({ integrationId: "nobody" }), "no-integration");
    assert.equal(await reasonFor({ namespace: "AWS/RDS" }), "not-selected");
    assert.equal(await reasonFor({ metricName: "NetworkIn" }), "not-selected");
    assert.equal(await reasonFor({ statistic: "p99" }), "unknown-statistic");
    await opened.database.kysely.updateTable("integrations").set({ disabled: true }).execute();
    assert.equal(await reasonFor(), "disabled");
  });

  test("no data has a reason: from what was collected", async () => {
    assert.equal(await reasonFor(), "not-collected-yet");
    await books.record(scope, { position: position() });
    await books.noteListing(scope, { listedAt: now, names: listing }, new Uint8Array());
    assert.equal(await reasonFor(), "no-points-in-aws");
    assert.equal(await reasonFor({ metricName: "DiskReadOps" }), "not-selected");
    assert.equal(await reasonFor({ metricName: "DiskWriteOps" }), "not-listed");
    assert.equal(await reasonFor({ from: now - minute, to: now }), "too-recent");
    assert.equal(await reasonFor({ from: now - 9 * day, to: now - 8 * day }), "not-collected-yet");
    const other = { firstMetric: "AWS/RDS A", lastMetric: "AWS/RDS B", metrics: 2 };
    await books.record(scope, { owe: [owed(other)] });
    assert.equal(await reasonFor(), "no-points-in-aws", "what other metrics lack explains nothing");
    await books.record(scope, { lost: [owed()] });
    assert.equal(await reasonFor(), "lost");
    await books.record(scope, { owe: [owed()] });
    assert.equal(await reasonFor(), "owed");
    const trouble = { reason: "capped", detail: "The monthly cap is reached." } as const;
    await books.record(scope, { position: position({ trouble }) });
    assert.equal(await reasonFor(), "paused");
  });

  test("no data has a reason: the runs fail", async () => {
    await opened.database.kysely
      .updateTable("integrations")
      .set({ consecutive_failures: 2, last_error: "AccessDenied" })
      .execute();
    const trouble = { reason: "denied", detail: "AccessDenied" } as const;
    const begun = now - 3 * hour;
    const neverRead = position({ startedAt: begun, storedTo: begun, askedAt: begun, metrics: 0, trouble });
    for (const record of [async () => {}, () => books.record(scope, { position: neverRead })]) {
      await record();
      const { reason, message } = await collection.explain({ ...question, from: now - 2 * hour });
      assert.equal(reason, "failing");
      assert.match(message, /AccessDenied/);
    }
  });
});
