import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { askAgainMs, createUnitBook } from "./unit-book.ts";

const cpu = { namespace: "AWS/EC2", metricName: "CPUUtilization" };
const bytes = { namespace: "AWS/EC2", metricName: "NetworkIn" };

function createBook(stored: { namespace: string; metricName: string; unit: string }[] = []) {
  const clock = createSettableClock(0);
  const reads: number[] = [];
  const book = createUnitBook({
    clock,
    metrics: {
      findMetrics: async (_filter, { offset, limit }) => {
        reads.push(offset);
        const rows = stored.map((row) => ({ ...row, statistics: [], series: 1, lastSeenMs: 0 }));
        return { items: rows.slice(offset, offset + limit), totalItems: rows.length };
      },
    },
  });
  return { book, clock, reads };
}

test("units of stored series are read once, over all pages, and not asked for again", async () => {
  const many = Array.from({ length: 1_500 }, (_, i) => ({ ...cpu, metricName: `M${i}`, unit: "Count" }));
  const { book, reads } = createBook([...many, { ...cpu, unit: "Percent" }, { ...bytes, unit: "" }]);
  const units = await book.of("an-integration");
  assert.equal(await book.of("an-integration"), units);
  assert.deepEqual(reads, [0, 1000]);
  assert.deepEqual([units.get(cpu), units.claim(cpu)], ["Percent", false]);
  assert.deepEqual([units.get(bytes), units.claim(bytes)], [undefined, true]);
});

test("one caller asks at a time, and one that asked in vain does so again an hour later", async () => {
  const { book, clock } = createBook();
  const units = await book.of("an-integration");
  assert.deepEqual([units.claim(cpu), units.claim(cpu), units.claim(bytes)], [true, false, true]);
  units.learn(cpu, undefined);
  units.learn(bytes, "Bytes");
  assert.equal(units.claim(cpu), false);
  clock.advance(askAgainMs);
  assert.deepEqual([units.claim(cpu), units.claim(bytes)], [true, false]);
});

test("after a refusal nobody asks for anything for an hour; another integration may", async () => {
  const { book, clock } = createBook();
  const units = await book.of("refused");
  units.pause();
  assert.equal(units.claim(cpu), false);
  assert.equal((await book.of("other")).claim(cpu), true);
  clock.advance(askAgainMs);
  assert.equal(units.claim(cpu), true);
});
