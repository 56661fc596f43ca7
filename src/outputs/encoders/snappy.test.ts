import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { uncompressSnappy } from "../../../test/support/snappy.ts";
import { compressSnappy } from "./snappy.ts";

test("whatever is compressed comes back", () => {
  const repetitive = fc
    .array(fc.tuple(fc.uint8Array({ maxLength: 90 }), fc.nat(40)), { maxLength: 30 })
    .map((pieces) => Buffer.concat(pieces.flatMap(([bytes, times]) => Array(times).fill(bytes))));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 5_000 }), repetitive), (bytes) => {
      assert.deepEqual(uncompressSnappy(compressSnappy(bytes)), Buffer.from(bytes));
    }),
  );
});

test("inputs around the size of a block, which compresses by itself, come back", () => {
  for (const size of [0, 1, 3, 4, 5, 65_535, 65_536, 65_537, 200_000]) {
    const noise = Buffer.from(
      Array.from({ length: size }, (_, index) => Math.imul(index, 2_654_435_761) >>> 13),
    );
    for (const bytes of [noise, Buffer.alloc(size), Buffer.alloc(size, "label=value ")]) {
      assert.deepEqual(uncompressSnappy(compressSnappy(bytes)), bytes, `${size}`);
    }
  }
});

test("labels that repeat shrink to less than a quarter", () => {
  const lines = Array.from(
    { length: 2_000 },
    (_, index) => `dimension_InstanceId=i-${index * 7919} region=us-east-1`,
  );
  const bytes = Buffer.from(lines.join("\n"));
  assert.ok(compressSnappy(bytes).length < bytes.length / 4);
});
