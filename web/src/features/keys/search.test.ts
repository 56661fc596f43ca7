import assert from "node:assert/strict";
import { test } from "node:test";
import { keysSearchOf } from "./search.ts";

test("a user and a page are read from the address, and what does not fit is left out", () => {
  assert.deepEqual(keysSearchOf({ user: "alice", page: 2 }), { user: "alice", page: 2 });
  assert.deepEqual(keysSearchOf({ user: 42, page: "3" }), { user: "42", page: 3 });
  assert.deepEqual(keysSearchOf({ user: "", page: 1 }), {});
  assert.deepEqual(keysSearchOf({ user: ["a"], page: -2, more: true }), {});
});
