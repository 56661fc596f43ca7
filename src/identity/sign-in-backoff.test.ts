import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError, type Clock } from "../base/index.ts";
import { createSignInBackoff } from "./sign-in-backoff.ts";

function setUp() {
  let now = 0;
  const clock: Clock = { now: () => now, monotonic: () => now, sleep: () => Promise.resolve() };
  const backoff = createSignInBackoff({ clock });
  const attempt = (account: string, address: string) => {
    try {
      backoff.begin(account, address);
      return "hashed" as const;
    } catch (error) {
      assert.ok(error instanceof AppError && error.code === "login_rate_limited");
      return error.retryAfterMs ?? 0;
    }
  };
  return { backoff, attempt, advance: (ms: number) => (now += ms) };
}

test("of 10,000 guesses on one account within a minute, at most twenty reach the hash", () => {
  const { attempt, advance } = setUp();
  let hashed = 0;
  for (let i = 0; i < 10_000; i++) {
    if (attempt("admin", `10.0.${i % 256}.1`) === "hashed") hashed++;
    advance(6);
  }
  assert.ok(hashed > 0 && hashed <= 20, `${hashed} guesses`);
});

test("the owner gets in once the wait is over, and guesses during the wait do not prolong it", () => {
  const { backoff, attempt, advance } = setUp();
  for (let i = 0; i < 6; i++) {
    while (attempt("admin", "6.6.6.6") !== "hashed") advance(1000);
  }
  const waitMs = attempt("admin", "6.6.6.6");
  assert.ok(typeof waitMs === "number");
  for (let i = 0; i < 100; i++) attempt("admin", "6.6.6.6");
  advance(waitMs);
  assert.equal(attempt("admin", "10.0.0.1"), "hashed");
  backoff.succeed("admin", "10.0.0.1");
  assert.equal(attempt("admin", "10.0.0.1"), "hashed");
});

test("one address that tries many accounts is slowed down too", () => {
  const { attempt } = setUp();
  const results = Array.from({ length: 100 }, (_, i) => attempt(`user${i}`, "6.6.6.6"));
  assert.equal(results.filter((result) => result === "hashed").length, 20);
});

test("failures are forgotten after an hour", () => {
  const { attempt, advance } = setUp();
  for (let i = 0; i < 5; i++) attempt("admin", "10.0.0.1");
  assert.notEqual(attempt("admin", "10.0.0.1"), "hashed");
  advance(3_600_001);
  assert.equal(attempt("admin", "10.0.0.1"), "hashed");
});
