import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { outputsInput } from "./outputs.ts";
import { runListQuery } from "./run.ts";
import { spendingQuery } from "./spending.ts";

describe("a time that no store can hold is refused before it is asked for", () => {
  for (const from of [
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "x",
  ]) {
    test(`runs from ${from}`, () => assert.equal(runListQuery.safeParse({ from }).success, false));
  }
  for (const month of ["9999-12", "0000-01", "0099-01", "2026-13"]) {
    test(`spending in ${month}`, () => assert.equal(spendingQuery.safeParse({ month }).success, false));
  }

  test("others are not", () => {
    assert.ok(
      runListQuery.safeParse({ from: "2026-11-21T08:00:00+14:00", to: "9999-12-31T23:59:59Z" }).success,
    );
    assert.ok(spendingQuery.safeParse({ month: "2099-12" }).success);
  });
});

test("the address of a receiver is what people see of it", () => {
  const accepts = (url: string) => outputsInput.safeParse({ otlp: { url } }).success;
  assert.deepEqual(
    [
      "https://a.example/v1?x=1",
      "https://a.example/\nb",
      "https://a.example/ b",
      "https://a.example/\u202eb",
    ].map(accepts),
    [true, false, false, false],
  );
});
