import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret, systemRandom } from "../../base/index.ts";
import { createSealedTokens } from "./tokens.ts";

const here = createSealedTokens(Buffer.alloc(32, 1), systemRandom);
const context = ["session", "ASIA1"];
const token = here.sealToken(context, new Secret("content"));

test("a token opens in its context, in every process with the same key", () => {
  const another = createSealedTokens(Buffer.alloc(32, 1), systemRandom);
  assert.equal(another.openToken(context, token)?.reveal(), "content");
  assert.notEqual(another.sealToken(context, new Secret("content")), token);
});

test("a token of another context or another installation does not open", () => {
  assert.equal(here.openToken(["session", "ASIA2"], token), undefined);
  assert.equal(here.openToken(["sessionASIA1"], token), undefined);
  const elsewhere = createSealedTokens(Buffer.alloc(32, 2), systemRandom);
  assert.equal(elsewhere.openToken(context, token), undefined);
});

test("whatever is changed, cut off or added, a token does not open and nothing is thrown", () => {
  const forged = ["", " ", "a", "AQ==", token.slice(0, -4), `${token}AAAA`, ` ${token}`, `${token}=`, "ä"];
  for (const text of forged) assert.equal(here.openToken(context, text), undefined, text);
  for (let at = 0; at < token.length; at++) {
    const other = token[at] === "A" ? "B" : "A";
    const changed = token.slice(0, at) + other + token.slice(at + 1);
    assert.equal(here.openToken(context, changed), undefined, `character ${at}`);
  }
});
