import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeAt } from "../testing/decoded.ts";

const object = fc
  .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 })
  .map((value) => {
    // Names that a format reads itself would make it another event.
    for (const name of ["timestamp", "time", "event"]) delete value[name];
    return value;
  });
const separators = fc.constantFrom("", " ", "\n", "\r\n\t");

/** Writes the events, split into pieces at will: some alone, some together in arrays. */
function pieces(texts: readonly string[], sizes: readonly number[]): string[] {
  const out: string[] = [];
  let at = 0;
  for (let i = 0; at < texts.length; i++) {
    const size = sizes[i % sizes.length] ?? 0;
    if (size === 0) out.push(texts[at++] as string);
    else {
      out.push(`[${texts.slice(at, at + size).join(",")}]`);
      at += size;
    }
  }
  return out;
}

test("however events are split over lines, arrays and values, the same texts are stored from each format", () => {
  fc.assert(
    fc.property(
      fc.array(object, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }),
      separators,
      (objects, sizes, separator) => {
        const texts = objects.map((value) => JSON.stringify(value));
        const expected = texts.map((text) => [null, text]);
        const parts = pieces(texts, sizes);
        const ndJson = decodeAt("/ingest/bulk", Buffer.from(parts.join("\n")));
        assert.deepEqual(ndJson, { events: expected, skipped: [] });
        const json = decodeAt("/ingest/json", Buffer.from(`[${texts.join(`${separator},${separator}`)}]`));
        assert.deepEqual(json, { events: expected, skipped: [] });
        const wrapped = texts.map((text) => `{"event":${text}}`);
        const body = Buffer.from(pieces(wrapped, sizes).join(separator));
        const hlc = decodeAt("/services/collector/event", body, { hlcMessage: "event" });
        assert.deepEqual(hlc, { events: expected, skipped: [] });
        const whole = decodeAt("/services/collector/event", body);
        assert.deepEqual(
          whole.events,
          wrapped.map((text) => [null, text]),
        );
        const raw = decodeAt("/services/collector/raw", Buffer.from(texts.join("\r\n")));
        assert.deepEqual(raw, { events: expected, skipped: [] });
      },
    ),
    { numRuns: 300 },
  );
});

test("a body cut off anywhere is refused, or stores only what was whole", () => {
  const body = '{"timestamp":1,"event":"é","time":1}\n[{"event":"b"},{"event":[1,{"x":"\\u00e9"}]}]';
  const whole = new Set(
    ["/services/collector/event", "/ingest/json", "/ingest/bulk"].flatMap((path) =>
      decodeAt(path, Buffer.from(body)).events.map(([, message]) => message),
    ),
  );
  for (let length = 0; length < body.length; length++) {
    for (const path of ["/services/collector/event", "/ingest/json", "/ingest/bulk"]) {
      const { events, refused } = decodeAt(path, Buffer.from(body.slice(0, length)));
      if (!refused) for (const [, message] of events) assert.ok(whole.has(message), message);
    }
  }
});

const mebibyte = 1_048_576;
const repeat = (text: string) => Buffer.alloc(mebibyte, text);
const hostile: Readonly<Record<string, Buffer>> = {
  "nested arrays": repeat("["),
  "nested objects": repeat('{"a":'),
  "nested arrays over many lines": repeat("[\n"),
  "lines that could go on into the next": repeat("[1,1,1,1,\n"),
  "lines of open strings": repeat('"\n'),
  "wrappers of wrappers": repeat('{"event":[{"event":['),
  "a wrapper whose last element is none": Buffer.from(`{"event":[${'{"event":1},'.repeat(80_000)}{}]}`),
  "half a million primitives": Buffer.from(`[${"1,".repeat(mebibyte / 2 - 2)}1]`),
  escapes: Buffer.from(`{"event":"${"\\\\".repeat(mebibyte / 2 - 8)}"}`),
  "an open string of escapes": repeat('"\\'),
  "a very long number": Buffer.from(
    `{"event":1,"time":${"1".repeat(mebibyte - 32)},"timestamp":${"1".repeat(9)}}`,
  ),
  "line feeds": repeat("\n"),
  commas: repeat(","),
  "one character a line": repeat("a\n"),
  "strings of one character": repeat('"\\n"\n'),
};

for (const [name, body] of Object.entries(hostile)) {
  for (const path of [
    "/services/collector/event",
    "/ingest/bulk",
    "/ingest/json",
    "/services/collector/raw",
    "/v1/logs",
  ]) {
    test(`read or refused within 100 ms at ${path}: ${name}`, () => {
      const copy = Buffer.from(body);
      assert.ok(cpuMs(() => decodeAt(path, copy)) < 100);
    });
  }
}

/** Time of this process, so that a busy machine makes no difference. */
function cpuMs(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
