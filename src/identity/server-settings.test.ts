import assert from "node:assert/strict";
import { test } from "node:test";
import type { Principal } from "../contract/index.ts";
import { createServerSettings } from "./server-settings.ts";
import type { Settings } from "./settings.ts";

const caller: Principal = {
  kind: "user",
  id: "1",
  name: "admin",
  arn: "arn:aws:iam::000000000000:user/admin",
  accountId: "000000000000",
  policies: ["AdministratorAccess"],
  proof: { kind: "token", id: "1" },
};

function setUp() {
  let stored: string | null = null;
  const settings: Settings = {
    get: async () => stored,
    set: async (_name, value) => {
      stored = value;
    },
  };
  return createServerSettings({
    settings,
    fixed: {
      accountId: caller.accountId,
      version: "0.0.0",
      stores: { database: "embedded", telemetry: "embedded" },
    },
    credentialExists: async (id) => id === "known",
  });
}

test("the base credential can be set, read back and cleared", async () => {
  const settings = setUp();
  assert.equal((await settings.update({ baseCredentialId: "known" }, caller)).baseCredentialId, "known");
  assert.equal((await settings.get()).baseCredentialId, "known");
  assert.equal((await settings.update({ baseCredentialId: null }, caller)).baseCredentialId, null);
});

test("a credential that does not exist is refused, and the old one stays", async () => {
  const settings = setUp();
  await settings.update({ baseCredentialId: "known" }, caller);
  await assert.rejects(settings.update({ baseCredentialId: "unknown" }, caller), {
    code: "validation_failed",
  });
  assert.equal((await settings.get()).baseCredentialId, "known");
});
