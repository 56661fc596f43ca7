import assert from "node:assert/strict";
import { test } from "node:test";
import { createBodyBudget } from "./body-budget.ts";

const overloaded = { code: "overloaded", retryAfterMs: 1000 };

test("what was announced keeps nobody out, what has arrived does until it is given back", () => {
  const budget = createBodyBudget(100);
  const idle = budget.open(100);
  const first = budget.open(100);
  first.hold(60);
  assert.throws(() => budget.open(41), overloaded);
  const second = budget.open(40);
  second.hold(40);
  assert.throws(() => idle.hold(1), overloaded);
  assert.throws(() => budget.open(1), overloaded);
  first.release();
  idle.hold(60);
  idle.release();
  second.release();
  budget.open(100).hold(100);
});

test("bytes that were refused are not held", () => {
  const budget = createBodyBudget(10);
  const share = budget.open(0);
  assert.throws(() => share.hold(11), overloaded);
  share.release();
  budget.open(10).hold(10);
});
