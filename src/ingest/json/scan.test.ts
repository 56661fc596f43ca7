import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { invalid, objectEnd, skipSpace, valueEnd, wantedMembers } from "./scan.ts";

/** Whether the whole text is one JSON value, as this scanner sees it. */
function accepts(text: string, depth = 64): boolean {
  const bytes = Buffer.from(text);
  const end = valueEnd(bytes, skipSpace(bytes, 0), depth);
  return end !== invalid && skipSpace(bytes, end) === bytes.length;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("every value that JSON.stringify writes is accepted, with or without indentation", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(0, 1, 4), (value, indent) => {
      assert.ok(accepts(JSON.stringify(value, null, indent)));
    }),
  );
});

test("texts made of JSON's own characters are accepted exactly when JSON.parse accepts them", () => {
  const pieces = fc.constantFrom(
    ...'{}[]:,"\\ \t\n\r-+.eE0123456789abfnrtuxé\u2028\u0001\ud83d\ude00',
    "true",
    "false",
    "null",
    '"a"',
    '"k":',
    "\\u00e9",
    "\\ud83d",
    "1.5e-3",
    "-0",
    "01",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (list) => {
      const text = Buffer.from(list.join("")).toString();
      assert.equal(accepts(text), parses(text), text);
    }),
    { numRuns: 20_000 },
  );
});

test("JSON with one byte changed is accepted exactly when JSON.parse accepts it", () => {
  const source = '{"a":[1,-2.5e+10,true,null,{"b":"x\\n\\u0041"}],"timestamp":1700000000000,"c":false}';
  for (let at = 0; at < source.length; at++) {
    for (const replacement of ["", '"', "\\", "{", "]", ",", ":", "0", "e", ".", " ", "\0", "\n"]) {
      const text = source.slice(0, at) + replacement + source.slice(at + 1);
      assert.equal(accepts(text), parses(text), text);
    }
  }
});

test("a text cut off anywhere is refused", () => {
  const source = '{"a":[1,{"b":"x\\u0041"}],"c":null}';
  for (let length = 0; length < source.length; length++)
    assert.equal(accepts(source.slice(0, length)), false);
});

test("64 levels are accepted and 65 are not, and 400,000 cost nothing", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  assert.equal(accepts(nested(64)), true);
  assert.equal(accepts(nested(65)), false);
  assert.equal(accepts(`{"a":${nested(63)}}`), true);
  assert.equal(accepts(`{"a":${nested(64)}}`), false);
  const started = performance.now();
  assert.equal(accepts(nested(400_000)), false);
  assert.ok(performance.now() - started < 100);
});

test("wanted members are found on the top level only, the last of several, and also under an escaped name", () => {
  const find = (text: string) => {
    const wanted = wantedMembers("timestamp", "event");
    const bytes = Buffer.from(text);
    assert.equal(objectEnd(bytes, 0, 64, wanted), bytes.length);
    return wanted.from.map((from, i) => bytes.toString("utf8", from, wanted.to[i]));
  };
  assert.deepEqual(find('{"timestamp":1,"event":"x"}'), ["1", '"x"']);
  assert.deepEqual(find('{"timestamp":1,"timestamp": 2 }'), ["2", ""]);
  assert.deepEqual(find('{"a":{"timestamp":1},"b":["event"]}'), ["", ""]);
  assert.deepEqual(find('{"\\u0074imestamp":7,"\\u0065v\\u0065nt":[]}'), ["7", "[]"]);
  assert.deepEqual(find('{"timestamps":1,"timestam":2,"Timestamp":3,"timest\\u0061mp2":4}'), ["", ""]);
  assert.deepEqual(find('{"__proto__":{"event":1},"constructor":2}'), ["", ""]);
});
