/** What a run could not read, or has to read again: how it is owed, and how it is paid. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../../../test/support/settable-clock.ts";
import { AppError } from "../../../base/index.ts";
import type { CollectContext } from "../integration-type.ts";
import { answerTo, createRunWorld, hour, minute, start } from "./testing/run-world.ts";

const setUp = () => createRunWorld(createSettableClock(start));

test("a batch fails alone: the others are stored, and its metrics are owed what they lack", async () => {
  const { aws, collect, owedNow, positionOf, written } = setUp();
  aws.instances = 250;
  let calls = 0;
  aws.getMetricData = async (input) => {
    if (++calls === 2) throw new Error("Throttling");
    return answerTo(input);
  };
  const result = await collect();
  assert.equal(written.length, 750);
  assert.deepEqual([result.someComplete, result.someStored], [false, true]);
  assert.equal(result.problems[0]?.failure.cause, "THROTTLED");
  assert.equal(positionOf("us-east-1")?.storedTo, start - 2 * minute);
  const [owed, ...others] = owedNow();
  assert.deepEqual(others, []);
  assert.deepEqual(
    [owed?.reason, owed?.metrics, owed?.reading, owed?.from, owed?.to],
    ["throttled", 100, 0, start - 2 * minute - 3 * hour, start - 2 * minute],
  );
});

test("a young debt is paid by the next reading of its metrics, without a call of its own", async () => {
  const { aws, clock, collect, owedNow } = setUp();
  aws.instances = 250;
  let calls = 0;
  aws.getMetricData = async (input) => {
    if (++calls === 5) throw new Error("Throttling");
    return answerTo(input);
  };
  await collect();
  clock.advance(5 * minute);
  await collect();
  const [owed] = owedNow();
  assert.equal(owed?.from, start - 2 * minute - 15 * minute);
  clock.advance(30 * minute);
  aws.asked = [];
  await collect();
  assert.deepEqual(owedNow(), []);
  const starts = aws.asked.map(({ StartTime }) => (start - (StartTime?.getTime() ?? 0)) / minute);
  assert.deepEqual(
    starts.toSorted((a, b) => a - b),
    [12, 12, 17],
    "one of three batches begins earlier",
  );
});

test("when batch after batch fails, the region is left alone instead of being asked a thousand times", async () => {
  const { aws, collect, positionOf } = setUp();
  aws.instances = 10_000;
  aws.getMetricData = async () => {
    throw new Error("Throttling");
  };
  await collect();
  assert.ok(aws.asked.length <= 10, `${aws.asked.length} of 100 batches were tried`);
  const position = positionOf("us-east-1");
  assert.deepEqual(position?.trouble, { reason: "throttled", detail: "Throttling" });
  assert.equal(position?.storedTo, position?.startedAt);
});

test("refused credentials end the run at once, and nothing is written afterwards", async () => {
  const { aws, collect } = setUp();
  aws.instances = 1_000;
  aws.getMetricData = async () => {
    throw new Error("InvalidClientTokenId");
  };
  await assert.rejects(collect(), { name: "CredentialsFailure" });
  const calls = aws.asked.length;
  await new Promise(setImmediate);
  assert.ok(calls <= 6 && aws.asked.length === calls);
});

test("our own store's failure is not blamed on AWS, and nothing is noted as read", async () => {
  const { books, collect } = setUp();
  const write = async () => {
    throw new AppError("store_unavailable");
  };
  await assert.rejects(collect({}, { write }), { code: "store_unavailable" });
  assert.equal(books.positions.size, 0);
});

test("after downtime the newest time comes first; the rest is owed and paid in long parts", async () => {
  const { aws, clock, collect, owedNow, positionOf } = setUp();
  const downFor = 40 * hour;
  await collect();
  const stoppedAt = positionOf("us-east-1")?.storedTo ?? 0;
  clock.advance(downFor);
  aws.asked = [];
  const result = await collect();
  const asked = aws.asked.map(({ StartTime, EndTime }) => [
    (StartTime?.getTime() ?? 0) - stoppedAt,
    ((EndTime?.getTime() ?? 0) - (StartTime?.getTime() ?? 0)) / hour,
  ]);
  assert.deepEqual(asked[0], [downFor - 3 * hour, 3], "live");
  assert.deepEqual(asked.slice(1, 3), [
    [0, 24],
    [24 * hour, 13],
  ]);
  assert.equal(result.behind, false);
  assert.deepEqual(
    owedNow().filter(({ reading }) => reading === 0),
    [],
  );
});

test("what failed as a whole is owed with its reason once the region can be read again", async () => {
  const { aws, clock, collect, owedNow } = setUp();
  await collect();
  const good = aws.getMetricData;
  aws.getMetricData = async () => {
    throw new Error("Throttling");
  };
  clock.advance(6 * hour);
  await collect();
  assert.deepEqual(owedNow(), [], "the time after the last reading speaks for itself");
  aws.getMetricData = async (input) => {
    if ((input.StartTime?.getTime() ?? 0) < start) throw new Error("Throttling");
    return answerTo(input);
  };
  await collect();
  const missing = owedNow().filter(({ reading }) => reading === 0);
  assert.deepEqual(
    missing.map(({ reason, tries }) => [reason, tries]),
    [["throttled", 1]],
  );
  aws.getMetricData = good;
  clock.advance(2 * minute);
  await collect();
  assert.deepEqual(
    owedNow().filter(({ reading }) => reading === 0),
    [],
  );
});

test("metrics that AWS spoils are owed one by one, until a reading of them is whole", async () => {
  const { aws, clock, collect, owedNow } = setUp();
  aws.getMetricData = async (input) => {
    const answer = answerTo(input);
    const spoiled = answer.MetricDataResults?.[0];
    if (spoiled) spoiled.StatusCode = "InternalError";
    return answer;
  };
  const result = await collect({ statistics: ["Average"] });
  assert.match(result.problems[0]?.failure.message ?? "", /InternalError/);
  assert.deepEqual(
    owedNow().map(({ metrics, firstMetric, reason, tries }) => [metrics, firstMetric, reason, tries]),
    [[1, "AWS/EC2 CPUUtilization", "internal-error", 1]],
  );
  const since = owedNow()[0]?.owedSince;
  clock.advance(5 * minute);
  await collect({ statistics: ["Average"] });
  assert.deepEqual([owedNow()[0]?.tries, owedNow()[0]?.owedSince], [2, since]);
  aws.getMetricData = async (input) => answerTo(input);
  clock.advance(5 * minute);
  await collect({ statistics: ["Average"] });
  assert.deepEqual(owedNow(), []);
});

test("a page token that comes again ends the batch, which is owed", async () => {
  const { aws, collect, owedNow, written } = setUp();
  aws.getMetricData = async (input) => ({ ...answerTo(input), NextToken: "again" });
  const result = await collect();
  assert.match(result.problems[0]?.failure.message ?? "", /same page token twice/);
  assert.equal(owedNow().length, 1);
  assert.equal(written.length, 15, "what came is stored");
});

test("time is read again when it is 3, 26 and 50 hours old, and then never more", async () => {
  const { aws, clock, collect } = setUp();
  const write: CollectContext["write"] = async () => ({ points: 1, added: 0, changed: 0 });
  const readings: { age: number; hours: number }[] = [];
  for (let passed = 0; passed < 5 * 24 * hour; passed += hour) {
    aws.asked = [];
    await collect({}, { write });
    for (const { StartTime, EndTime } of aws.asked) {
      const [from, to] = [StartTime?.getTime() ?? 0, EndTime?.getTime() ?? 0];
      if (to < clock.now() - 2 * hour)
        readings.push({ age: Math.floor((clock.now() - to) / hour), hours: (to - from) / hour });
    }
    clock.advance(hour);
  }
  const ofAge = (age: number) => readings.filter((reading) => reading.age === age);
  assert.ok(ofAge(3).length >= 18 && ofAge(3).every(({ hours }) => hours === 6));
  assert.ok(ofAge(26).length >= 3 && ofAge(26).every(({ hours }) => hours === 24));
  assert.ok(ofAge(50).length >= 2 && ofAge(50).every(({ hours }) => hours === 24));
  assert.equal(readings.length, ofAge(3).length + ofAge(26).length + ofAge(50).length);
});

test("what still changes at the last reading is read once more a day later, its metrics alone", async () => {
  const { aws, clock, collect, owedNow } = setUp();
  aws.instances = 30;
  const write: CollectContext["write"] = async (series, { to }) => {
    const old = clock.now() - to > 40 * hour && clock.now() - to < 70 * hour;
    const late = series.some(({ series: one }) => one.dimensions.InstanceId === "i-0");
    return { points: 1, added: 0, changed: old && late ? 1 : 0 };
  };
  let fourth: number | undefined;
  for (let passed = 0; passed < 5 * 24 * hour; passed += hour) {
    await collect({}, { write });
    const owed = owedNow().find(({ reading }) => reading === 4);
    fourth ??= owed?.metrics;
    clock.advance(hour);
  }
  assert.equal(fourth, 14, "the metrics of its batch");
  assert.deepEqual(
    owedNow().filter(({ reading }) => reading > 4),
    [],
    "the fourth reading found no change, so there is no fifth",
  );
});

test("what AWS no longer keeps becomes a gap with its reason", async () => {
  const { books, clock, collect } = setUp();
  await collect();
  clock.advance(20 * 24 * hour);
  await collect();
  assert.deepEqual(
    books.gaps.map(({ reason, from }) => [reason, from]),
    [["downtime", start - 2 * minute]],
  );
  const [gap] = books.gaps;
  assert.ok(gap && gap.to > start + 4 * 24 * hour && gap.to <= start + 5 * 24 * hour + minute);
});

test("after a change of the period everything that is still to be read begins on full periods", async () => {
  const { aws, clock, collect } = setUp();
  clock.advance(minute);
  await collect();
  const good = aws.getMetricData;
  aws.getMetricData = async (input) => answerTo(input, "InternalError");
  clock.advance(5 * minute);
  await collect();
  aws.getMetricData = good;
  aws.asked = [];
  const change = { periodSeconds: 3600 };
  for (let hours = 0; hours < 30; hours++) {
    clock.advance(hour);
    await collect(change);
  }
  const times = aws.asked.flatMap(({ StartTime, EndTime }) => [StartTime?.getTime(), EndTime?.getTime()]);
  assert.ok(times.length > 60);
  assert.deepEqual(
    times.filter((time) => (time ?? 1) % hour !== 0),
    [],
  );
});

test("a region that the settings no longer name owes nothing any more", async () => {
  const { aws, books, clock, collect, positionOf } = setUp();
  const regions = ["us-east-1", "eu-west-1"];
  await collect({ regions });
  clock.advance(6 * hour);
  await collect({ regions });
  const owing = () => new Set([...books.windows.values()].map(({ scope }) => scope));
  aws.getMetricData = async (input) => answerTo(input, "InternalError");
  clock.advance(minute);
  await collect({ regions });
  assert.deepEqual([...owing()].sort(), regions.toSorted());
  await collect({ regions: ["us-east-1"] });
  assert.deepEqual([...owing()], ["us-east-1"]);
  assert.equal(positionOf("eu-west-1")?.metrics, 0);
  assert.equal(positionOf("us-east-1")?.metrics, 3);
});

test("when there is no more money nothing is asked for, and the time is owed as capped", async () => {
  const { aws, books, clock, collect, positionOf } = setUp();
  await collect();
  clock.advance(6 * hour);
  let refusal: string | undefined = "The monthly cap is reached.";
  const spending = { refusal: () => refusal, add: () => {} };
  aws.asked = [];
  await collect({}, { spending });
  assert.equal(aws.asked.length, 0);
  assert.equal(positionOf("us-east-1")?.trouble?.reason, "capped");
  refusal = undefined;
  aws.getMetricData = async (input) => {
    if ((input.StartTime?.getTime() ?? 0) < start) refusal = "The monthly cap is reached.";
    return answerTo(input);
  };
  const owed: string[] = [];
  const record = books.record;
  books.record = async (scope, entry) => {
    owed.push(...(entry.owe ?? []).map(({ reason }) => reason));
    return record(scope, entry);
  };
  await collect({}, { spending });
  assert.ok(owed.includes("capped"));
});
