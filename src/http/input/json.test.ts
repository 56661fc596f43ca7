import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AppError } from "../../base/index.ts";
import { parseJson } from "./json.ts";

const parse = (text: string) => parseJson(Buffer.from(text));
const refused = (error: unknown) => error instanceof AppError && error.code === "malformed_json";

test("reads what JSON.parse reads, up to 64 levels", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 10 }), (text) => {
      fc.pre(!/\\u|__proto__|prototype/.test(text));
      assert.deepEqual(parse(text), JSON.parse(text));
    }),
    { numRuns: 1000 },
  );
  assert.ok(parse("[".repeat(64) + "]".repeat(64)));
});

// JSON.parse builds these; whatever walks them afterwards overflows the stack.
test("refuses what is nested deeper, and fast", () => {
  assert.throws(() => parse("[".repeat(65) + "]".repeat(65)), refused);
  const started = performance.now();
  assert.throws(() => parse("[".repeat(400_000) + "]".repeat(400_000)), refused);
  assert.throws(() => parse('{"a":'.repeat(100_000)), refused);
  assert.ok(performance.now() - started < 50);
});

test("brackets inside strings do not count", () => {
  const text = `${"[{".repeat(100)}\\"${"[".repeat(100)}`;
  assert.deepEqual(parse(`{"a":"${text}"}`), { a: text.replace('\\"', '"') });
});

test("refuses keys that reach a prototype, however they are spelt", () => {
  for (const text of [
    '{"__proto__":{"polluted":1}}',
    '{"a":[{"__proto__":1}]}',
    '{"\\u005f_proto__":{}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"constructor":{"\\u0070rototype":{}}}',
  ]) {
    assert.throws(() => parse(text), refused, text);
  }
  assert.deepEqual(parse('{"constructor":"builder","text":"__proto__"}'), {
    constructor: "builder",
    text: "__proto__",
  });
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test("refuses U+0000, which no PostgreSQL text can hold", () => {
  for (const text of ['"\\u0000"', '{"a":["x\\u0000"]}', '{"a\\u0000":1}'])
    assert.throws(() => parse(text), refused, text);
  assert.equal(parse('"\\\\u0000"'), "\\u0000");
});

test("refuses bytes that are not UTF-8", () => {
  for (const bytes of [
    [0x22, 0xff, 0x22],
    [0x22, 0xc0, 0xaf, 0x22],
    [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0xfe, 0xff],
  ]) {
    assert.throws(() => parseJson(Uint8Array.from(bytes)), refused);
  }
});

// V8 quotes the text around the mistake.
test("the message about malformed JSON does not repeat the body", () => {
  const secret = "wJalrXUtnFEMI/K7MDENG";
  for (const text of [`{"secretAccessKey": ${secret}}`, `{"a":"${secret}`, secret, `{"a":"b" "${secret}"}`]) {
    assert.throws(
      () => parse(text),
      (error: Error) => refused(error) && !error.message.includes(secret.slice(0, 5)),
    );
  }
});
