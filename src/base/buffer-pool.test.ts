import assert from "node:assert/strict";
import { test } from "node:test";
import { createBufferPool } from "./buffer-pool.ts";

const kib = 1024;

test("a buffer that was given back is handed out again, to one", () => {
  const pool = createBufferPool(1024 * kib);
  const first = pool.take(100 * kib);
  assert.equal(first.length, 128 * kib);
  pool.give(first);
  assert.equal(pool.take(70 * kib), first);
  assert.notEqual(pool.take(70 * kib), first);
});

test("small and huge ones, and parts of others, are not kept", () => {
  const pool = createBufferPool(64 * 1024 * kib);
  for (const bytes of [10, 8 * 1024 * kib]) {
    const buffer = pool.take(bytes);
    assert.equal(buffer.length, bytes);
    pool.give(buffer);
    assert.notEqual(pool.take(bytes), buffer);
  }
  const part = Buffer.allocUnsafeSlow(256 * kib).subarray(0, 128 * kib);
  pool.give(part);
  assert.notEqual(pool.take(128 * kib), part);
});

test("no more is kept than allowed", () => {
  const pool = createBufferPool(64 * kib);
  const [one, other] = [pool.take(64 * kib), pool.take(64 * kib)];
  pool.give(one);
  pool.give(other);
  assert.equal(pool.take(64 * kib), one);
  assert.notEqual(pool.take(64 * kib), other);
});
