import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createBufferPool } from "../base/index.ts";
import { createLogEncoder, createLogSequence, type LogEventsOrigin } from "./log-encoder.ts";

const origin: LogEventsOrigin = { logGroupId: 7, logStreamId: 9, ingestionTimeMs: 1_790_000_000_123 };
const unescapes: Readonly<Record<string, string>> = { "\\": "\\", t: "\t", n: "\n", r: "\r", "0": "\0" };

/** Reads rows as the store does. */
function readRows(rows: Buffer): string[][] {
  const lines = rows.toString("utf8").split("\n");
  assert.equal(lines.pop(), "");
  return lines.map((line) =>
    line.split("\t").map((field) => field.replace(/\\(.)/g, (_, character: string) => unescapes[character]!)),
  );
}

const encoder = (more: Partial<LogEventsOrigin> = {}) =>
  createLogEncoder(
    { sequence: createLogSequence(() => 0), pool: createBufferPool(2 ** 20) },
    { ...origin, ...more },
    0,
  );

test("a row holds origin, times, sequence, key, entity and message", () => {
  const rows = encoder({ idempotencyKey: 2n ** 64n - 1n, entity: '{"a":"\\t"}' });
  rows.addText(1_789_999_999_000, "first\tsecond\\\n\r\0");
  rows.addText(1_789_999_999_001, "ü€😀");
  const { rows: bytes, count } = rows.finish();
  assert.equal(count, 2);
  const shared = ["18446744073709551615", '{"a":"\\t"}'];
  assert.deepEqual(readRows(bytes), [
    ["7", "9", "1789999999000", "1790000000123", "1", ...shared, "first\tsecond\\\n\r\0"],
    ["7", "9", "1789999999001", "1790000000123", "2", ...shared, "ü€😀"],
  ]);
});

test("numbers of any length are written whole", () => {
  const times = [0, 9, 10, 99_999_999, 100_000_000, 100_000_007, 1_789_999_999_000, Number.MAX_SAFE_INTEGER];
  const rows = encoder();
  for (const time of times) rows.addText(time, "m");
  assert.deepEqual(
    readRows(rows.finish().rows).map((fields) => Number(fields[2])),
    times,
  );
});

test("stretches of a body give the same rows as their texts", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "\\", "\t", "\n", "\r", "\0", '"', "ß", "😀") });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (messages) => {
      const body = Buffer.from(messages.join("|"));
      const [fromBytes, fromText] = [encoder(), encoder()];
      let from = 0;
      for (const [index, message] of messages.entries()) {
        const to = from + Buffer.byteLength(message);
        fromBytes.addBytes(index, body, from, to);
        fromText.addText(index, message);
        from = to + 1;
      }
      const rows = fromBytes.finish();
      assert.deepEqual(rows.rows, fromText.finish().rows);
      assert.deepEqual(
        readRows(rows.rows).map((fields) => fields[7]),
        messages,
      );
    }),
  );
});

test("a sequence takes another stretch when its own is used up, and stays exact", () => {
  const picks = [0.999999, 0.5];
  const sequence = createLogSequence(() => picks.shift()!);
  const first = sequence.next();
  assert.equal(sequence.next(), first + 1);
  assert.ok(first + 2 ** 33 <= Number.MAX_SAFE_INTEGER);
});
