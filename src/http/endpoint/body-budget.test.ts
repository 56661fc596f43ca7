import assert from "node:assert/strict";
import { test } from "node:test";
import { createBodyBudget } from "./body-budget.ts";

const overloaded = { code: "overloaded", retryAfterMs: 1000 };

test("what was announced keeps nobody out, what has arrived does until it is given back", () => {
  const budget = createBodyBudget(100);
  const idle = budget.open("c", 50);
  const first = budget.open("a", 50);
  first.hold(50);
  assert.throws(() => budget.open("b", 51), overloaded);
  const second = budget.open("b", 50);
  second.hold(50);
  assert.throws(() => idle.hold(1), overloaded);
  assert.throws(() => budget.open("d", 1), overloaded);
  first.release();
  idle.hold(50);
  idle.release();
  second.release();
  budget.open("a", 50).hold(50);
});

test("one holder leaves room for others, over all its bodies", () => {
  const budget = createBodyBudget(100);
  budget.open("a", 0).hold(30);
  const second = budget.open("a", 20);
  second.hold(20);
  assert.throws(() => second.hold(1), overloaded);
  assert.throws(() => budget.open("a", 1), overloaded);
  budget.open("b", 50).hold(50);
});

test("bytes that were refused are not held", () => {
  const budget = createBodyBudget(20);
  const share = budget.open("a", 0);
  assert.throws(() => share.hold(11), overloaded);
  share.release();
  budget.open("a", 10).hold(10);
});
