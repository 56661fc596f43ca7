import assert from "node:assert/strict";
import { test } from "node:test";
import { lockKeys } from "./lock-keys.ts";

test("no two purposes share an advisory lock", () => {
  const keys = Object.values(lockKeys);
  assert.equal(new Set(keys).size, keys.length);
  for (const key of keys) assert.ok(Number.isSafeInteger(key));
});
