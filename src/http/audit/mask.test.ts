import assert from "node:assert/strict";
import { test } from "node:test";
import { masked } from "./mask.ts";

const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";

test("what a member's name calls secret is hidden at any depth, whatever it holds", () => {
  for (const name of [
    "password",
    "currentPassword",
    "newPassword",
    "secretAccessKey",
    "sessionToken",
    "SecretKey",
    "webIdentityToken",
    "authorization",
    "Cookie",
    "privateKey",
    "externalId",
    "externalID",
    "headers",
    "value",
  ]) {
    assert.deepEqual(masked({ [name]: "s3cret" }), { [name]: hidden }, name);
    assert.deepEqual(masked({ a: [{ [name]: "s3cret" }] }), { a: [{ [name]: hidden }] }, name);
    assert.deepEqual(masked({ [name]: { inner: ["s3cret"] } }), { [name]: hidden }, name);
  }
});

test("whether something was set may be told", () => {
  const input = { password: null, hasSecretAccessKey: true, tokenDays: 5 };
  assert.deepEqual(masked(input), input);
});

test("names, numbers, lists and plain addresses stay", () => {
  const input = { name: "a", policies: ["b"], refresh: 5, url: "https://a.example/x", enabled: false };
  assert.deepEqual(masked(input), input);
});

test("addresses lose user, password, query and fragment", () => {
  assert.equal(masked("https://u:p@a.example/x?key=s#f"), "https://a.example/x");
  assert.deepEqual(masked({ urls: ["http://p@a.example/"] }), { urls: ["http://a.example/"] });
  assert.equal(masked("https://a.example:99999/?key=s"), hidden);
});
