import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError, systemRandom } from "../base/index.ts";
import { createPasswords } from "./passwords.ts";

const passwords = createPasswords({ random: systemRandom });

test("a password verifies against its own hash and no other", async () => {
  const hash = await passwords.hash("correct horse");
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await passwords.verify("correct horse", hash), true);
  assert.equal(await passwords.verify("correct hors", hash), false);
  assert.notEqual(await passwords.hash("correct horse"), hash);
});

// Else the time of the answer tells which users exist.
test("an unknown user costs the same work and is refused", async () => {
  const hash = await passwords.hash("correct horse");
  // Processor time of this process, so that what else the machine does has no part in it.
  const workOf = async (stored: string | undefined) => {
    const before = process.cpuUsage();
    for (let i = 0; i < 10; i++) assert.equal(await passwords.verify("wrong", stored), false);
    return process.cpuUsage(before).user;
  };
  await workOf(hash);
  const [unknown, known] = [await workOf(undefined), await workOf(hash)];
  assert.ok(unknown > known / 2 && unknown < known * 2, `${unknown} µs against ${known} µs`);
});

test("a password beyond 1 KiB is refused before it is hashed", async () => {
  await assert.rejects(passwords.hash("x".repeat(1025)), { code: "validation_failed" });
});

test("a damaged hash is an error, not a match", async () => {
  await assert.rejects(passwords.verify("x", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$"), AppError);
});

// Each hash holds 19 MiB: without a bound, a flood of sign-ins fills the memory.
test("a flood is refused beyond two at work and thirty-two waiting", async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 40 }, () => passwords.verify("x", undefined)),
  );
  const refused = results.filter((result) => result.status === "rejected");
  assert.equal(refused.length, 6);
  for (const { reason } of refused) assert.equal((reason as AppError).code, "overloaded");
});
