import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { type Position, type PositionKind, readToken, writeToken } from "./page-tokens.ts";

const kindsOf = (at: Position): PositionKind[] =>
  at.map((value) => (typeof value === "string" ? "text" : "integer"));

const list = fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()));
const position = fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.integer()), {
  minLength: 1,
  maxLength: 3,
});

test("a token gives its position back, to the list it was made for only", () => {
  fc.assert(
    fc.property(list, list, position, (mine, other, at) => {
      const token = writeToken(mine, at);
      assert.deepEqual(readToken(mine, token, kindsOf(at)), at);
      assert.match(token, /^[\w-]+$/);
      if (JSON.stringify(mine) !== JSON.stringify(other))
        assert.equal(readToken(other, token, kindsOf(at)), undefined);
    }),
  );
});

test("a token with another character is refused, and so is any text", () => {
  fc.assert(
    fc.property(position, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (at, index, character) => {
      const token = writeToken([], at);
      const place = index % token.length;
      if (token[place] === character) return;
      const changed = token.slice(0, place) + character + token.slice(place + 1);
      assert.equal(readToken([], changed, kindsOf(at)), undefined);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => assert.equal(readToken([], text, ["text"]), undefined)));
});

test("a token that somebody made himself of what is no position of this list is refused", () => {
  const made = (payload: string) => {
    const text = Buffer.from(payload).toString("base64url");
    return hash("sha256", JSON.stringify([[], text]), "base64url").slice(0, 16) + text;
  };
  const none = ["[", "null", "5", "{}", '"x"', "[]", "[null]", "[[1]]", '[{"a":1}]'];
  for (const payload of [...none, '["1"]', "[1.5]", "[1e300]", "[-1]", "[1,2]"])
    assert.equal(readToken([], made(payload), ["natural"]), undefined, payload);
  for (const payload of [...none, "[1]", '["a","b"]'])
    assert.equal(readToken([], made(payload), ["text"]), undefined, payload);
  assert.deepEqual(readToken([], made('[-1,0,"a"]'), ["integer", "natural", "text"]), [-1, 0, "a"]);
});
