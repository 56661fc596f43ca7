import assert from "node:assert/strict";
import { test } from "node:test";
import { allKeys, byKey, hashOfKey, hasKey, intersect, metricKey, onlyKey, sliceByKeys } from "./keys.ts";

const metric = (metricName: string, dimensions: Record<string, string> = {}) => ({
  namespace: "AWS/EC2",
  metricName,
  dimensions,
});

test("the order of dimensions makes no other metric, everything else does", () => {
  assert.equal(metricKey(metric("M", { a: "1", b: "2" })), metricKey(metric("M", { b: "2", a: "1" })));
  const keys = [
    metric("M"),
    metric("M", { a: "1" }),
    metric("M", { a: "1=2" }),
    metric("M", { a: "1", b: "2" }),
    { ...metric("M"), accountId: "111111111111" },
    metric("Mx"),
  ].map(metricKey);
  assert.equal(new Set(keys).size, keys.length);
});

test("a range of one key holds that key and no longer one", () => {
  const key = metricKey(metric("M", { a: "1" }));
  const longer = metricKey(metric("M", { a: "1", b: "2" }));
  assert.ok(hasKey(onlyKey(key), key));
  assert.ok(!hasKey(onlyKey(key), longer));
  assert.ok(!hasKey(onlyKey(key), metricKey(metric("M", { a: "12" }))));
});

test("ranges meet in what both hold", () => {
  const range = (fromKey: string | null, toKey: string | null) => ({ fromKey, toKey });
  assert.deepEqual(intersect(allKeys, range("b", "d")), range("b", "d"));
  assert.deepEqual(intersect(range("a", "c"), range("b", null)), range("b", "c"));
  assert.deepEqual(intersect(range(null, "c"), range(null, "b")), range(null, "b"));
  assert.equal(intersect(range("a", "b"), range("b", "c")), undefined);
});

test("a slice holds the metrics of the range", () => {
  const metrics = ["a", "c", "e", "g"].map((key) => ({ key }));
  const slice = (fromKey: string | null, toKey: string | null) =>
    sliceByKeys(metrics, { fromKey, toKey }).map(({ key }) => key);
  assert.deepEqual(slice(null, null), ["a", "c", "e", "g"]);
  assert.deepEqual(slice("b", "e"), ["c"]);
  assert.deepEqual(slice("c", null), ["c", "e", "g"]);
  assert.deepEqual(slice("h", null), []);
  assert.deepEqual(metrics.toSorted(byKey), metrics);
});

test("different metrics have different hashes", () => {
  const hashes = new Set<number>();
  for (let i = 0; i < 100_000; i++)
    hashes.add(hashOfKey(metricKey(metric("CPUUtilization", { InstanceId: `i-${i}` }))));
  assert.equal(hashes.size, 100_000);
  assert.ok([...hashes].every(Number.isSafeInteger));
});
