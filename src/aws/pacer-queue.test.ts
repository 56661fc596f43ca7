import assert from "node:assert/strict";
import { test } from "node:test";
import { createFairQueue, type FairQueue } from "./pacer-queue.ts";

function serveAll(queue: FairQueue<string>, count: number): string[] {
  return Array.from({ length: count }, () => {
    const next = queue.peek()!;
    queue.remove(next, "served");
    return next.item;
  });
}

test("flows that wait take turns, however many items one of them has", () => {
  const queue = createFairQueue<string>(1);
  for (let item = 0; item < 100; item++) queue.add("huge", 1, "huge");
  queue.add("small", 1, "small");
  queue.add("other", 1, "other");
  assert.deepEqual(serveAll(queue, 4), ["huge", "small", "other", "huge"]);
  assert.equal(queue.size, 98);
});

test("cost counts, not the number of items: both get the same worth", () => {
  const queue = createFairQueue<string>(4);
  for (let item = 0; item < 1000; item++) {
    queue.add("dear", 25, "dear");
    queue.add("cheap", 1, "cheap");
  }
  const served = serveAll(queue, 520);
  const dear = served.filter((item) => item === "dear").length;
  assert.ok(
    Math.abs(dear * 25 - (520 - dear)) <= 29,
    `${dear} dear ones cost as much as ${520 - dear} cheap`,
  );
});

test("the one whose turn it is stays the same while it waits, whoever else comes", () => {
  const queue = createFairQueue<string>(1);
  queue.add("a", 50, "large");
  const chosen = queue.peek();
  queue.add("b", 1, "small");
  assert.equal(queue.peek(), chosen);
});

test("one that gives up pays nothing and makes room for the next", () => {
  const queue = createFairQueue<string>(1);
  const first = queue.add("a", 10, "first");
  queue.add("b", 1, "second");
  assert.equal(queue.peek()?.item, "second", "b saves up for its item sooner");
  queue.remove(first, "gave up");
  queue.remove(first, "gave up");
  assert.equal(queue.size, 1);
  assert.deepEqual(serveAll(queue, 1), ["second"]);
  assert.equal(queue.peek(), undefined);
});

test("a flow that had nothing waiting has saved nothing", () => {
  const queue = createFairQueue<string>(10);
  queue.add("a", 1, "a");
  serveAll(queue, 1);
  queue.add("b", 10, "b");
  queue.add("a", 10, "a");
  assert.deepEqual(serveAll(queue, 2), ["b", "a"]);
});
