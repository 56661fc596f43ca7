import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../base/index.ts";
import { mapStoreError, mapWriteError } from "./store-errors.ts";

const engineError = (code: string, type: string, message = "x") =>
  Object.assign(new Error(message), { code, type });

test("limits, full disks and lost servers have their own codes", () => {
  for (const [error, code] of [
    [engineError("159", "TIMEOUT_EXCEEDED"), "query_timed_out"],
    [engineError("241", "MEMORY_LIMIT_EXCEEDED"), "query_too_large"],
    [engineError("396", "TOO_MANY_ROWS_OR_BYTES"), "query_too_large"],
    [engineError("243", "NOT_ENOUGH_SPACE"), "storage_full"],
    [
      engineError("75", "CANNOT_WRITE_TO_FILE_DESCRIPTOR", "errno: 28, No space left on device"),
      "storage_full",
    ],
    [engineError("517", "CANNOT_FSYNC", "Cannot fsync, errno: 5, Input/output error"), "store_unavailable"],
    [engineError("252", "TOO_MANY_PARTS"), "store_unavailable"],
    [engineError("62", "SYNTAX_ERROR"), "internal"],
    [Object.assign(new Error("connect"), { code: "ECONNREFUSED" }), "store_unavailable"],
    [new Error("Timeout error."), "store_unavailable"],
    [new Error("<html>Bad Gateway</html>"), "store_unavailable"],
    [new TypeError("undefined is not a function"), "internal"],
  ] as const) {
    assert.equal(mapStoreError(error).code, code, error.message);
  }
});

test("a write that runs into a limit is the server's trouble", () => {
  assert.equal(mapWriteError(engineError("241", "MEMORY_LIMIT_EXCEEDED")).code, "store_unavailable");
  assert.equal(mapWriteError(engineError("243", "NOT_ENOUGH_SPACE")).code, "storage_full");
});

test("an AppError passes unchanged, and the engine's text stays out of the public message", () => {
  const own = new AppError("overloaded");
  assert.equal(mapStoreError(own), own);
  assert.ok(
    !mapStoreError(engineError("62", "SYNTAX_ERROR", "near 'SELECT secret'")).message.includes("secret"),
  );
});
