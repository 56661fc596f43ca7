import assert from "node:assert/strict";
import { test } from "node:test";
import { parseScope, scopeName } from "./scopes.ts";

test("a scope's name can be taken apart again", () => {
  for (const accountId of [null, "222222222222"]) {
    for (const kind of [null, "s3-storage"]) {
      const scope = { accountId, region: "us-east-1", kind };
      assert.deepEqual(parseScope(scopeName(scope)), scope);
    }
  }
  assert.equal(scopeName({ accountId: null, region: "us-east-1", kind: null }), "us-east-1");
});
