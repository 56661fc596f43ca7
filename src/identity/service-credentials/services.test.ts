import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { systemRandom } from "../../base/index.ts";
import { findCredentialService, logsService, parseToken, restService } from "./services.ts";

const alias = "alice-at-123456789012";

test("a new secret is taken apart into what was put in", () => {
  const key = logsService.newSecret(alias, systemRandom);
  assert.deepEqual(parseToken(key.secret), { service: logsService.name, alias, secret: key.hashed });
  assert.equal(key.secret.length, 4 + Math.ceil((alias.length + 1 + 60) / 3) * 4);
  const token = restService.newSecret(alias, systemRandom);
  assert.deepEqual(parseToken(token.secret), { service: restService.name, secret: token.secret });
  assert.equal(token.hint, token.secret.slice(-4));
});

test("a name with a colon leaves the password whole: it is what follows the last one", () => {
  const token = `ACWL${Buffer.from("a:b:c").toString("base64")}`;
  assert.deepEqual(parseToken(token), { service: logsService.name, alias: "a:b", secret: "c" });
});

test("a token has one spelling", () => {
  const { secret } = logsService.newSecret(alias, systemRandom);
  const bad = [
    ` ${secret}`,
    `${secret} `,
    `${secret}\n`,
    `${secret}=`,
    secret.toLowerCase(),
    secret.replace("ACWL", "ABSK"),
    secret.slice(0, -1),
    `ACWL${secret.slice(4).replaceAll("+", "-").replaceAll("/", "_")}!`,
  ];
  for (const token of bad) assert.equal(parseToken(token), undefined, JSON.stringify(token));
});

test("whatever is sent is a token or none, never an error", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String().map((text) => `ACWL${text}`),
      ),
      (token) => {
        const parsed = parseToken(token);
        if (parsed?.service !== "logs.amazonaws.com") return;
        const text = `${parsed.alias}:${parsed.secret}`;
        // What is not UTF-8 cannot be an alias of ours, however it is read.
        if (!text.includes("\ufffd")) {
          assert.equal(`ACWL${Buffer.from(text).toString("base64")}`, token);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("services are found whatever the case of their names", () => {
  assert.equal(findCredentialService("LOGS.amazonaws.com"), logsService);
  assert.equal(findCredentialService("nephoscope"), restService);
  assert.equal(findCredentialService("bedrock.amazonaws.com"), undefined);
});
