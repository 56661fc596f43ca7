import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cloudIntegrationInput,
  cloudWatchInput,
  credentialInput,
  metricQuery,
  searchRequest,
} from "../../contract/index.ts";
import { nameKey } from "./nameable-key.ts";

const harmless = [
  "superSecret",
  "s3BucketNameFilterRegex",
  "instanceSelectionTagsExpr",
  "aws:cloudformation:stack-name",
  "kubernetes.io",
  "_id",
  "x",
  "match[]",
];
for (const key of harmless) test(`${key} is named`, () => assert.equal(nameKey(key), key));

const secret: [what: string, key: string][] = [
  ["an AWS secret access key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
  ["the same without slashes", "wJalrXUtnFEMIxK7MDENGxbPxRfiCYzzzzzzzzzz"],
  ["an AWS access key id", "AKIAIOSFODNN7EXAMPLE"],
  ["an external ID", "HqOM4mru5svd3uFp"],
  ["a token of ours", "nepho_abcdefghijklmnop"],
  ["hexadecimal text", "b94d27b9934d3e08a52e52d7da7dabfa"],
  ["a UUID", "aaaaaaaa-1b1b-4ccc-8ddd-eeeeeeeeeeee"],
  ["a password with signs", "correct horse battery staple!"],
  ["a password with digits among letters", "Tr0ub4dor"],
  ["JSON Web Tokens", "eyJhbGciOiJub25lIn0"],
  ["letters in random case", "aBcDeFgHiJkLmNoPqR"],
  ["anything long", "a".repeat(65)],
  ["nothing at all", ""],
];
for (const [what, key] of secret) {
  test(`${what} is not named`, () => assert.equal(nameKey(key), `(a name of ${key.length} characters)`));
}

// A refusal that cannot name our own fields would help nobody.
test("every field of our own is named", () => {
  for (const schema of [
    cloudIntegrationInput,
    cloudWatchInput,
    credentialInput,
    metricQuery,
    searchRequest,
  ]) {
    for (const key of Object.keys("shape" in schema ? schema.shape : {})) assert.equal(nameKey(key), key);
  }
});
