import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { readLines } from "./read-lines.ts";

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  const input = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  const lines: string[] = [];
  for await (const some of readLines(input, new AbortController().signal)) lines.push(...some);
  return lines;
}

test("lines are put together across chunks, with either kind of line break and without a last one", async () => {
  assert.deepEqual(await linesOf("a\nb", "c\r\n", "\n", "end"), ["a", "bc", "", "end"]);
  assert.deepEqual(await linesOf("a\n"), ["a"]);
  assert.deepEqual(await linesOf(), []);
  const [first, second] = [Buffer.from("ä").subarray(0, 1), Buffer.from("ä").subarray(1)];
  assert.deepEqual(await linesOf(first, second), ["ä"]);
});

test("bytes that are no text do not end the lines", async () => {
  assert.deepEqual(await linesOf(Buffer.from([0, 0, 0x61, 0x0a, 0xff, 0x62])), ["\ufffd\ufffda", "\ufffdb"]);
});

test("a line without an end is kept up to a bound", async () => {
  const [line] = await linesOf(...Array.from({ length: 5 }, () => "x".repeat(1024 * 1024)));
  assert.ok(line && line.length <= 3 * 1024 * 1024);
});

test("an interruption ends the lines and gives what had come", async () => {
  const input = new PassThrough();
  const stop = new AbortController();
  input.write("one\ntwo");
  const lines = readLines(input, stop.signal);
  assert.deepEqual((await lines.next()).value, ["one"]);
  stop.abort();
  assert.deepEqual((await lines.next()).value, ["two"]);
  assert.equal((await lines.next()).done, true);
});
