import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { readToken, writeToken } from "./page-tokens.ts";

const list = fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()));
const position = fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.integer()), {
  minLength: 1,
  maxLength: 3,
});

test("a token gives its position back, to the list it was made for only", () => {
  fc.assert(
    fc.property(list, list, position, (mine, other, at) => {
      const token = writeToken(mine, at);
      assert.deepEqual(readToken(mine, token), at);
      assert.match(token, /^[\w-]+$/);
      if (JSON.stringify(mine) !== JSON.stringify(other)) assert.equal(readToken(other, token), undefined);
    }),
  );
});

test("a token with another character is refused, and so is any text", () => {
  fc.assert(
    fc.property(position, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (at, index, character) => {
      const token = writeToken([], at);
      const place = index % token.length;
      if (token[place] === character) return;
      assert.equal(readToken([], token.slice(0, place) + character + token.slice(place + 1)), undefined);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => assert.equal(readToken([], text), undefined)));
});

test("a token that somebody made himself of what is no position is refused", () => {
  for (const payload of ["[", "null", "5", "{}", '"x"', "[null]", "[[1]]", '[{"a":1}]']) {
    const text = Buffer.from(payload).toString("base64url");
    const digest = hash("sha256", JSON.stringify([[], text]), "base64url").slice(0, 16);
    assert.equal(readToken([], digest + text), undefined, payload);
  }
});
