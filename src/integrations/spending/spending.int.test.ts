import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../../test/support/databases.ts";
import { createSettableClock, type SettableClock } from "../../../test/support/settable-clock.ts";
import { AppError } from "../../base/index.ts";
import type { IntegrationRecord } from "../records.ts";
import type { PricedCall } from "../types/integration-type.ts";
import { dearestCallUsd } from "./meter.ts";
import { createSpending, type SpendingDeps, type SpendingLedger } from "./spending.ts";

const noon = Date.UTC(2026, 10, 21, 12);
const [first, second] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const credentialId = "33333333-3333-4333-8333-333333333333";

const integration = (id = first, config: object = {}) =>
  ({ id, service: "CLOUDWATCH", credentialId, config }) as unknown as IntegrationRecord;
const call = (high: number, change: Partial<PricedCall> = {}): PricedCall => ({
  operation: "GetMetricData",
  accountId: "222222222222",
  region: "us-east-1",
  calls: 1,
  metricsRequested: { low: 100, high: 500 },
  usd: { low: high / 5, high },
  ...change,
});

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;

  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(() => {
    clock = createSettableClock(noon);
  });
  afterEach(() => opened.database.kysely.deleteFrom("spending").execute());

  const spendingWith = (change: Partial<SpendingDeps> = {}): SpendingLedger =>
    createSpending({
      db: opened.database.kysely,
      clock,
      credentials: {
        get: async (id) => {
          if (id !== credentialId) throw new AppError("credential_not_found");
          return { id, name: "Production" };
        },
      },
      ...change,
    });
  const usdOf = (items: readonly { key: string; usd: { high: number } }[]) =>
    Object.fromEntries(items.map(({ key, usd }) => [key, Number(usd.high.toFixed(6))]));

  test("calls of a run are added up by day, integration, credential, account, region and operation", async () => {
    const spending = spendingWith();
    const meter = await spending.meter(integration());
    meter.add(call(0.5));
    meter.add(call(0.25));
    meter.add(call(0.01, { operation: "ListMetrics", metricsRequested: { low: 0, high: 0 } }));
    await spending.flush();
    meter.add(call(0.5, { accountId: "444444444444" }));
    clock.advance(13 * 3_600_000);
    meter.add(call(1));
    const total = { calls: 5, metricsRequested: { low: 400, high: 2000 }, usd: { low: 0.452, high: 2.26 } };
    const by = async (groupBy: "integration" | "credential" | "account" | "operation" | "day") =>
      spending.get({ groupBy });
    const found = await by("integration");
    assert.deepEqual(
      { ...found.total, usd: { low: Number(found.total.usd.low.toFixed(6)), high: found.total.usd.high } },
      total,
    );
    assert.deepEqual(usdOf(found.items), { [first]: 2.26 });
    assert.equal(found.items[0]?.name, "Deleted integration");
    const byCredential = await by("credential");
    assert.deepEqual(
      byCredential.items.map(({ name, calls }) => [name, calls]),
      [["Production", 5]],
    );
    assert.deepEqual(usdOf((await by("account")).items), { "222222222222": 1.76, "444444444444": 0.5 });
    assert.deepEqual(usdOf((await by("operation")).items), { GetMetricData: 2.25, ListMetrics: 0.01 });
    const days = await by("day");
    assert.deepEqual(usdOf(days.items), { "2026-11-21": 1.26, "2026-11-22": 1 });
    assert.deepEqual(
      days.items.map(({ key }) => key),
      ["2026-11-21", "2026-11-22"],
    );
    assert.ok(found.projected && found.projected.high > 2.26);
    assert.equal(found.reconciliation.state, "no-cost-data");
  });

  test("processes that write at the same time lose nothing of each other", async () => {
    const workers = Array.from({ length: 4 }, () => spendingWith());
    const meters = await Promise.all(
      workers.map((worker, index) => worker.meter(integration(index % 2 ? first : second))),
    );
    for (let round = 0; round < 5; round++) {
      for (const meter of meters) {
        meter.add(call(0.1));
        meter.add(call(0.1, { region: "eu-west-1" }));
      }
      await Promise.all(workers.map((worker) => worker.flush()));
    }
    const { total } = await spendingWith().get({ groupBy: "day" });
    assert.deepEqual([total.calls, total.usd.high.toFixed(6)], [40, "4.000000"]);
  });

  test("what could not be written is written later, once", async () => {
    let broken = true;
    const db = new Proxy(opened.database.kysely, {
      get: (target, key) => {
        if (key === "transaction" && broken) throw new AppError("store_unavailable");
        const value = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    broken = false;
    const spending = spendingWith({ db });
    const meter = await spending.meter(integration());
    broken = true;
    meter.add(call(0.5));
    await assert.rejects(spending.flush(), { code: "store_unavailable" });
    meter.add(call(0.5));
    await assert.rejects(spending.flush(), { code: "store_unavailable" });
    broken = false;
    await spending.flush();
    await spending.flush();
    assert.equal((await spending.get({ groupBy: "day" })).total.usd.high, 1);
  });

  test("a cap is never overstepped, says until when, and begins anew with the month", async () => {
    const spending = spendingWith();
    const meter = await spending.meter(integration(first, { monthlyCapUsd: 0.02 }));
    let calls = 0;
    while (meter.refusal() === undefined) {
      meter.add(call(dearestCallUsd));
      calls++;
    }
    assert.equal(calls, 4);
    assert.equal(
      meter.refusal(),
      "The monthly cap of $0.0200 is reached ($0.0200 spent); collection goes on 2026-12-01 00:00 UTC, or when the cap is raised.",
    );
    assert.deepEqual([meter.pause()?.until, meter.pause()?.by], [Date.UTC(2026, 11, 1), "integration"]);

    // The next run, of this or another process, begins where this one ended.
    await spending.flush();
    const next = await spendingWith().meter(integration(first, { monthlyCapUsd: 0.02 }));
    assert.ok(next.refusal());
    const raised = await spending.meter(integration(first, { monthlyCapUsd: 0.03 }));
    assert.equal(raised.refusal(), undefined);
    const other = await spending.meter(integration(second, { monthlyCapUsd: 0.02 }));
    assert.equal(other.refusal(), undefined, "a cap is the integration's own");

    clock.advance(10 * 24 * 3_600_000);
    assert.equal(next.refusal(), undefined, "also in a run that was under way when the month began");
    const december = await spendingWith().meter(integration(first, { monthlyCapUsd: 0.02 }));
    assert.equal(december.refusal(), undefined);
    assert.equal(december.pause(), undefined);
  });

  test("the server's cap holds over all integrations and processes", async () => {
    const monthlyCapUsd = 0.1;
    const [one, two] = [spendingWith({ monthlyCapUsd }), spendingWith({ monthlyCapUsd })];
    const meter = await one.meter(integration());
    meter.add(call(0.06));
    await one.flush();
    const another = await two.meter(integration(second));
    assert.equal(another.refusal(), undefined);
    another.add(call(0.037));
    assert.match(another.refusal() ?? "", /cap of \$0\.10 over all integrations \(NEPHO_MONTHLY_CAP_USD\)/);
    assert.equal(another.pause()?.by, "server");
    await two.flush();
    assert.equal(meter.refusal(), undefined, "it has not heard of that yet");
    meter.add(call(0.001));
    await one.flush();
    assert.ok(meter.refusal());
  });

  test("previews and connection tests are noted under their credential when they cost money", async () => {
    const spending = spendingWith();
    const observed = { service: "monitoring", operation: "ListMetrics", region: "us-east-1", ok: true };
    spending.noteCall({ ...observed, recordId: credentialId });
    spending.noteCall({ ...observed, recordId: credentialId, ok: false });
    spending.noteCall({
      ...observed,
      service: "sts",
      operation: "GetCallerIdentity",
      recordId: credentialId,
    });
    spending.noteCall({ ...observed, service: "ce", operation: "GetCostAndUsage", recordId: "never-saved" });
    spending.noteCall({ ...observed, recordId: "base" });
    const { items } = await spending.get({ groupBy: "credential" });
    assert.deepEqual(
      items.map(({ name, calls, usd }) => [name, calls, usd.high]),
      [
        ["Deleted, or tested without being saved", 1, 0.01],
        ["The server's own identity", 1, 0.00001],
        ["Production", 1, 0.00001],
      ],
    );
    const byIntegration = await spending.get({ groupBy: "integration" });
    assert.deepEqual(byIntegration.projected, byIntegration.total.usd, "they do not go on by themselves");
    assert.deepEqual(
      byIntegration.items.map(({ key, name }) => [key, name]),
      [["", "Previews and connection tests"]],
    );
  });

  test("an earlier month, one integration and one credential can be asked for", async () => {
    const spending = spendingWith({ billed: async (month) => (month === "2026-11" ? 0.6 : undefined) });
    (await spending.meter(integration())).add(call(1));
    (await spending.meter(integration(second))).add(call(2));
    clock.advance(15 * 24 * 3_600_000);
    (await spending.meter(integration())).add(call(4));
    const november = await spending.get({ month: "2026-11", groupBy: "integration" });
    assert.deepEqual(usdOf(november.items), { [second]: 2, [first]: 1 });
    assert.equal(november.projected, null);
    assert.deepEqual([november.reconciliation.state, november.reconciliation.billedUsd], ["agrees", 0.6]);
    const december = await spending.get({ groupBy: "operation", integrationId: first, credentialId });
    assert.equal(december.month, "2026-12");
    assert.deepEqual(usdOf(december.items), { GetMetricData: 4 });
    assert.equal(december.reconciliation.state, "no-cost-data");
    assert.deepEqual((await spending.get({ groupBy: "day", credentialId: "other" })).items, []);
  });

  test("the ledger forgets what is older than thirteen months", async () => {
    const spending = spendingWith();
    (await spending.meter(integration())).add(call(1));
    await spending.flush();
    clock.advance(399 * 24 * 3_600_000);
    await spending.purge();
    const november = () => spending.get({ month: "2026-11", groupBy: "day" });
    assert.equal((await november()).items.length, 1);
    clock.advance(2 * 24 * 3_600_000);
    await spending.purge();
    assert.equal((await november()).items.length, 0);
  });
});
