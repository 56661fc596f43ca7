import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { createPacer, type PacedCall } from "./pacer.ts";
import { awsQuotas, estimatePoints } from "./pacer-quotas.ts";

const start = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;
const never = new AbortController().signal;
const place = { accountId: "222222222222", region: "us-east-1" };
const listing: PacedCall = { ...place, integrationId: "a", operation: "ListMetrics" };
const batch = (integrationId: string, count: number, ageMs = 15 * minute): PacedCall => ({
  ...place,
  integrationId,
  operation: "GetMetricData",
  points: { count, fromMs: start - ageMs },
});

/** Lets promises that are already resolved run their course. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

async function pass(clock: SettableClock, ms: number, stepMs = 10): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.advance(stepMs);
    await settle();
  }
}

/** A pacer whose calls are counted by integration as they are let through. */
function createWorld(options: { share?: number } = {}) {
  const clock = createSettableClock(start);
  const waits: number[] = [];
  const pacer = createPacer({ clock, share: 1, ...options, observe: ({ waitMs }) => waits.push(waitMs) });
  const served = new Map<string, number>();
  const ask = (call: PacedCall, signal = never) =>
    pacer.take(call, signal).then(() => {
      served.set(call.integrationId, (served.get(call.integrationId) ?? 0) + 1);
    });
  const count = (integrationId = "a") => served.get(integrationId) ?? 0;
  return { clock, pacer, waits, ask, count };
}

describe("rates", () => {
  test("a second's worth goes at once, the rest at the rate of the quota", async () => {
    const { clock, ask, count } = createWorld();
    for (let call = 0; call < 100; call++) void ask(listing);
    await settle();
    assert.equal(count(), 25);
    await pass(clock, 1_000);
    assert.equal(count(), 50);
    await pass(clock, 2_000);
    assert.equal(count(), 100);
  });

  test("our share leaves room for the customer's own tools", async () => {
    const { clock, ask, count } = createWorld({ share: 0.8 });
    for (let call = 0; call < 1_000; call++) void ask(listing);
    await pass(clock, 10_000);
    assert.equal(count(), 20 + 200);
  });

  test("accounts, regions and operations have quotas of their own", async () => {
    const { ask, count } = createWorld();
    for (const other of [{}, { accountId: "333333333333" }, { region: "eu-west-1" }]) {
      for (let call = 0; call < 40; call++) void ask({ ...listing, ...other });
    }
    for (let call = 0; call < 40; call++) void ask({ ...listing, operation: "GetMetricData" });
    await settle();
    assert.equal(count(), 25 * 3 + 40);
  });

  test("an operation that nobody has told a quota of is called carefully", async () => {
    const { ask, count } = createWorld();
    for (let call = 0; call < 40; call++) void ask({ ...listing, operation: "DescribeSomething" });
    await settle();
    assert.equal(count(), awsQuotas.otherCallsPerSecond);
  });
});

describe("estimated points", () => {
  test("are what the range and the periods could hold", () => {
    const queries = [{ periodSeconds: 60 }, { periodSeconds: 300 }];
    const range = { from: start - 15 * minute, to: start };
    assert.deepEqual(estimatePoints(queries, range), { count: 15 + 3, fromMs: range.from });
  });

  test("limit what the number of calls would allow", async () => {
    const { clock, ask, count } = createWorld();
    for (let call = 0; call < 20; call++) void ask(batch("a", 90_000));
    await settle();
    assert.equal(count(), 2, "180,000 points a second are two calls of 90,000");
    await pass(clock, 3_000);
    assert.equal(count(), 2 + 6);
  });

  test("that are older than three hours have a larger quota of their own", async () => {
    const { clock, ask, count } = createWorld();
    for (let call = 0; call < 40; call++) {
      void ask(batch("recent", 90_000));
      void ask(batch("older", 90_000, 4 * 60 * minute));
    }
    await pass(clock, 5_000);
    assert.equal(count("recent"), 2 + 10);
    assert.equal(count("older"), 4 + 22);
  });

  test("a call of more than a second's worth waits for a full bucket and leaves a debt", async () => {
    const { clock, ask, count } = createWorld();
    await ask(batch("a", 1));
    void ask(batch("a", 360_000));
    void ask(batch("a", 1));
    await settle();
    assert.equal(count(), 1, "one point is missing to a full bucket");
    await pass(clock, 10);
    assert.equal(count(), 2);
    await pass(clock, 980);
    assert.equal(count(), 2, "a second's worth is owed");
    await pass(clock, 30);
    assert.equal(count(), 3);
  });

  test("a large call is made although small ones keep coming", async () => {
    const { clock, ask, count } = createWorld();
    for (let call = 0; call < 2_000; call++) void ask(batch("small", 9_000));
    void ask(batch("large", 700_000));
    await pass(clock, 15_000);
    assert.equal(count("large"), 1);
  });
});

describe("fairness", () => {
  test("an integration with fifty times the calls does not delay another's few", async () => {
    const { clock, ask, count } = createWorld();
    for (let call = 0; call < 500; call++) void ask(batch("huge", 7_500));
    await settle();
    for (let call = 0; call < 10; call++) void ask(batch("small", 7_500));
    await pass(clock, 1_000);
    assert.equal(count("small"), 10, "at 24 calls a second alone it would wait for 20 s");
    assert.ok(count("huge") >= 24 + 10);
  });

  test("integrations that wait get the same number of points, whatever the size of their calls", async () => {
    const { clock, ask, count } = createWorld();
    for (let call = 0; call < 300; call++) void ask(batch("large", 90_000));
    for (let call = 0; call < 6_000; call++) void ask(batch("small", 4_500));
    await pass(clock, 60_000, 50);
    const ratio = (count("large") * 90_000) / (count("small") * 4_500);
    assert.ok(ratio > 0.9 && ratio < 1.1, `${ratio}`);
  });

  test("twenty integrations share a quota evenly", async () => {
    const { clock, ask, count } = createWorld();
    // Before anybody has to wait there is nothing to share.
    for (let call = 0; call < 25; call++) void ask({ ...listing, integrationId: "first" });
    const names = Array.from({ length: 20 }, (_, number) => `integration ${number}`);
    for (const name of names)
      for (let call = 0; call < 100; call++) void ask({ ...listing, integrationId: name });
    await pass(clock, 31_000, 50);
    const counts = names.map(count);
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 4, counts.join(" "));
    assert.equal(
      counts.reduce((a, b) => a + b),
      31 * 25,
    );
  });
});

describe("giving up", () => {
  test("one that is aborted while it waits takes nothing from the others", async () => {
    const { clock, ask, count } = createWorld();
    for (let call = 0; call < 25; call++) void ask(listing);
    const abort = new AbortController();
    const waiting = ask(listing, abort.signal);
    void ask({ ...listing, integrationId: "b" });
    abort.abort(new Error("The run ended."));
    await assert.rejects(waiting, /The run ended/);
    await pass(clock, 50);
    assert.deepEqual([count("a"), count("b")], [25, 1]);
  });

  test("one that is aborted before it asks is refused at once", async () => {
    const { ask, count } = createWorld();
    await assert.rejects(ask(listing, AbortSignal.abort(new Error("too late"))), /too late/);
    assert.equal(count(), 0);
  });

  test("a large call that gives up lets those behind it through", async () => {
    const { clock, ask, count } = createWorld();
    await ask(batch("a", 180_000));
    const abort = new AbortController();
    const large = assert.rejects(ask(batch("a", 700_000), abort.signal));
    void ask(batch("b", 18_000));
    await pass(clock, 500);
    abort.abort();
    await large;
    assert.equal(count("b"), 1);
  });
});

describe("AWS refuses", () => {
  test("the rate is halved once for all that were under way, and grows back", async () => {
    const { clock, pacer, ask, count } = createWorld();
    for (let call = 0; call < 2_000; call++) void ask(listing);
    await settle();
    const before = count();
    for (let times = 0; times < 5; times++) pacer.throttled(listing);
    await pass(clock, 1_000);
    const after = count() - before;
    assert.ok(after >= 12 && after <= 14, `${after} in the first second`);
    await pass(clock, 30_000, 50);
    const recovered = count();
    await pass(clock, 4_000);
    assert.equal(count() - recovered, 100, "25 a second again");
  });

  test("other operations and accounts go on as before", async () => {
    const { pacer, ask, count } = createWorld();
    pacer.throttled(listing);
    for (let call = 0; call < 50; call++) void ask({ ...listing, operation: "GetMetricData" });
    await settle();
    assert.equal(count(), 50);
  });

  test("even a place that always refuses is tried now and then", async () => {
    const { clock, pacer, ask, count } = createWorld();
    for (let call = 0; call < 500; call++) void ask(listing);
    await settle();
    const before = count();
    for (let second = 0; second < 60; second++) {
      pacer.throttled(listing);
      await pass(clock, 1_000, 50);
    }
    const tried = count() - before;
    assert.ok(tried >= 20 && tried <= 70, `${tried} in a minute`);
  });

  test("processes that know nothing of each other come to share one quota", async () => {
    const clock = createSettableClock(start);
    const perSecond = awsQuotas.callsPerSecond.ListMetrics ?? 0;
    const aws = { left: perSecond, at: 0, refused: 0, allowed: 0 };
    const allows = (): boolean => {
      aws.left = Math.min(perSecond, aws.left + ((clock.monotonic() - aws.at) / 1000) * perSecond);
      aws.at = clock.monotonic();
      const allowed = aws.left >= 1;
      if (allowed) aws.left--;
      aws[allowed ? "allowed" : "refused"]++;
      return allowed;
    };
    const allowedOf = [0, 0, 0, 0];
    const stop = new AbortController();
    const loops = allowedOf.map(async (_, index) => {
      const pacer = createPacer({ clock });
      try {
        for (;;) {
          await pacer.take(listing, stop.signal);
          if (allows()) allowedOf[index] = (allowedOf[index] ?? 0) + 1;
          else pacer.throttled(listing);
        }
      } catch {}
    });
    await pass(clock, 300_000, 20);
    stop.abort();
    await Promise.all(loops);
    const [least = 0, most = 0] = [Math.min(...allowedOf), Math.max(...allowedOf)];
    assert.ok(aws.allowed > 0.7 * perSecond * 300, `${aws.allowed} of ${perSecond * 300} used`);
    assert.ok(aws.refused < 0.05 * aws.allowed, `${aws.refused} refused, ${aws.allowed} allowed`);
    assert.ok(most < 1.3 * least, allowedOf.join(" "));
  });
});

test("waits are told, and nobody waits while there is room", async () => {
  const { clock, ask, waits } = createWorld();
  for (let call = 0; call < 26; call++) void ask(listing);
  await pass(clock, 100);
  assert.deepEqual(waits, [...Array(25).fill(0), 40]);
});
