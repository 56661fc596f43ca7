import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { openBody } from "./body.ts";
import { IngestRefusal } from "./refusal.ts";

const bytesMax = 2 ** 20;

async function open(wire: Buffer) {
  const rooms: number[] = [];
  const body = await openBody(wire, "gzip", { text: true }, bytesMax, (bytes) => rooms.push(bytes));
  return { ...body, rooms };
}

const text = (bytes: number) => "0123456789abcdef".repeat(bytes / 16);

describe("a body in gzip", () => {
  test("takes the room that its end announces, once", async () => {
    for (const bytes of [16, 64, 80, 65_536, 500_000, bytesMax]) {
      const { bytes: opened, rooms } = await open(gzipSync(text(bytes)));
      assert.equal(opened.toString(), text(bytes));
      assert.deepEqual(rooms, [Math.max(64, bytes)]);
    }
  });

  test("in several members is read as one, which takes more room than the last one announces", async () => {
    const { bytes, rooms } = await open(Buffer.concat([gzipSync(text(4096)), gzipSync(text(1024))]));
    assert.equal(bytes.toString(), text(4096) + text(1024));
    assert.deepEqual(rooms, [1024, bytesMax]);
  });

  test("that announces another length than it has is refused", async () => {
    for (const announced of [0, 4_000, bytesMax, 2 ** 32 - 1]) {
      const wire = gzipSync(text(8192));
      wire.writeUInt32LE(announced, wire.length - 4);
      await assert.rejects(open(wire), (error) => error instanceof IngestRefusal);
    }
  });

  test("gives its memory back when it is released", async () => {
    const { bytes, release } = await open(gzipSync(`\ufeff${text(100_000)}`));
    assert.equal(bytes.toString(), text(100_000));
    release();
    assert.equal(bytes.length, 0);
  });

  test("that is small leaves the memory that it shares with others alone", async () => {
    const opened = await Promise.all(Array.from({ length: 50 }, () => open(gzipSync(text(1024)))));
    for (const { release } of opened) release();
    for (const { bytes } of opened) assert.equal(bytes.toString(), text(1024));
  });
});

test("a plain body stays what it is when it is released", async () => {
  const wire = Buffer.from(text(100_000));
  const { bytes, release } = await openBody(wire, "identity", { text: true }, bytesMax, () => {});
  release();
  assert.equal(bytes.toString(), text(100_000));
});
