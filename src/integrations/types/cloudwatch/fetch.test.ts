import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../../../test/support/settable-clock.ts";
import type { CloudWatchClients, ListedMetric } from "./client.ts";
import { callTimeoutMs, discoverMetrics, fetchResourceTags, followPages } from "./fetch.ts";

const metric = (namespace: string): ListedMetric => ({ namespace, metricName: "M", dimensions: {} });

function depsWith(clients: Partial<CloudWatchClients>) {
  return {
    clients: clients as CloudWatchClients,
    clock: createSettableClock(0),
    signal: new AbortController().signal,
  };
}

test("pages are followed to the end", async () => {
  const tokens: (string | undefined)[] = [];
  const { pages, cut } = await followPages(async (token) => {
    tokens.push(token);
    return { nextToken: { undefined: "a", a: "b" }[String(token)] };
  }, 10);
  assert.deepEqual(tokens, [undefined, "a", "b"]);
  assert.equal(pages.length, 3);
  assert.equal(cut, undefined);
});

test("a token that comes twice ends the paging instead of going round for ever", async () => {
  const { pages, cut } = await followPages(
    async (token) => ({ nextToken: token === "a" ? "b" : "a" }),
    1_000,
  );
  assert.equal(pages.length, 3);
  assert.match(cut ?? "", /same page token twice/);
});

test("paging has a bound, and says so", async () => {
  let page = 0;
  const { pages, cut } = await followPages(async () => ({ nextToken: `t${page++}` }), 7);
  assert.equal(pages.length, 7);
  assert.match(cut ?? "", /more than 7 pages/);
});

test("one of AWS's namespaces is asked for in AWS's spelling, once", async () => {
  const asked: (string | undefined)[] = [];
  const deps = depsWith({
    listMetrics: async ({ namespace }) => {
      asked.push(namespace);
      return { metrics: [] };
    },
  });
  await discoverMetrics(deps, ["aws/ec2", "AWS/EC2"]);
  assert.deepEqual(asked, ["AWS/EC2"]);
});

test("a namespace of a customer is found in any case", async () => {
  const all = [metric("MyApp"), metric("Other")];
  const deps = depsWith({
    listMetrics: async ({ namespace }) => ({
      metrics: all.filter((m) => namespace === undefined || m.namespace === namespace),
    }),
  });
  assert.deepEqual((await discoverMetrics(deps, ["myapp"])).metrics, [metric("MyApp")]);
  assert.deepEqual((await discoverMetrics(deps, ["MyApp"])).metrics, [metric("MyApp")]);
});

test("tags are read page by page and known by resource", async () => {
  const deps = depsWith({
    listResourceTags: async ({ resourceType, nextToken }) => ({
      resources: [{ id: `${resourceType}-${nextToken ?? "first"}`, tags: { a: "b" } }],
      nextToken: nextToken === undefined ? "second" : "",
    }),
  });
  const tags = await fetchResourceTags(deps, ["ec2:instance", "ec2:volume"]);
  assert.deepEqual(
    [...tags.keys()],
    ["ec2:instance-first", "ec2:instance-second", "ec2:volume-first", "ec2:volume-second"],
  );
});

test("a call that hangs is cut off", async () => {
  const clock = createSettableClock(0);
  const hanging = { listMetrics: () => new Promise<never>(() => {}) } as unknown as CloudWatchClients;
  const listing = discoverMetrics({ clients: hanging, clock, signal: new AbortController().signal }, []);
  await new Promise(setImmediate);
  clock.advance(callTimeoutMs);
  await assert.rejects(listing, { name: "TimeoutError" });
});

test("a listing that is to stop early asks for no further page and no further namespace, and says why", async () => {
  let calls = 0;
  const deps = depsWith({
    listMetrics: async ({ namespace }) => ({ metrics: [metric(namespace ?? "")], nextToken: `t${calls++}` }),
  });
  const stop = () => (calls >= 3 ? "enough" : undefined);
  const found = await discoverMetrics(deps, ["AWS/EC2", "AWS/SQS"], stop);
  assert.equal(calls, 3);
  assert.deepEqual(new Set(found.metrics.map(({ namespace }) => namespace)), new Set(["AWS/EC2"]));
  assert.equal(found.cut, "ListMetrics: enough");
  assert.deepEqual(await discoverMetrics(deps, ["AWS/EC2"], stop), { metrics: [], cut: "enough" });
  assert.equal(calls, 3);
});
