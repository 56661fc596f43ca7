import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../base/index.ts";
import { isUniqueViolation, mapDatabaseError } from "./database-errors.ts";

const errorWith = (fields: object, message = "x") => Object.assign(new Error(message), fields);
const codeOf = (error: unknown) => (mapDatabaseError(error) as { code?: string }).code;

test("a full disk is storage_full, by SQLSTATE, errno or text", () => {
  assert.equal(codeOf(errorWith({ code: "53100" })), "storage_full");
  assert.equal(codeOf(errorWith({ code: "ENOSPC" })), "storage_full");
  assert.equal(codeOf(new Error("could not extend file: No space left on device")), "storage_full");
});

test("a database that is away is store_unavailable", () => {
  for (const code of [
    "57P01",
    "57P03",
    "08006",
    "53300",
    "57014",
    "ECONNREFUSED",
    "ECONNRESET",
    "ENOTFOUND",
  ]) {
    assert.equal(codeOf(errorWith({ code })), "store_unavailable", code);
  }
  assert.equal(codeOf(new Error("Connection terminated unexpectedly")), "store_unavailable");
  assert.equal(codeOf(new AggregateError([errorWith({ code: "ECONNREFUSED" })])), "store_unavailable");
});

test("what the caller caused stays as it is", () => {
  const violation = errorWith({ code: "23505", constraint: "users_name_key" });
  assert.equal(mapDatabaseError(violation), violation);
  const own = new AppError("name_taken");
  assert.equal(mapDatabaseError(own), own);
});

test("a unique violation is found by name, also as a cause", () => {
  const violation = errorWith({ code: "23505", constraint: "users_name_key" });
  assert.ok(isUniqueViolation(violation));
  assert.ok(isUniqueViolation(new Error("outer", { cause: violation }), "users_name_key"));
  assert.ok(!isUniqueViolation(violation, "other_key"));
  assert.ok(!isUniqueViolation(errorWith({ code: "23503" })));
  assert.ok(!isUniqueViolation(undefined));
});
