import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../../base/index.ts";
import {
  type ManagedPolicyName,
  type OperationName,
  operationNames,
  operations,
  type Principal,
} from "../../contract/index.ts";
import { allowedOperations, authorize } from "./authorize.ts";

const principal = (...policies: ManagedPolicyName[]): Principal => ({
  kind: "user",
  id: "1",
  name: "alice",
  arn: "arn:aws:iam::000000000000:user/alice",
  accountId: "000000000000",
  policies,
  proof: { kind: "token", id: "1" },
});

const writes = operationNames.filter((name) => operations[name].access !== "read");

test("AdministratorAccess allows every operation", () => {
  assert.deepEqual(allowedOperations(["AdministratorAccess"]), operationNames);
});

/** Everybody may make and revoke tokens, but only their own: see the test below. */
const ownTokens = /^iam:(Create|Delete)ServiceSpecificCredential$/;

test("ReadOnlyAccess allows what reads and the caller's own tokens, and nothing else", () => {
  const allowed = allowedOperations(["ReadOnlyAccess"]);
  assert.deepEqual(
    allowed,
    operationNames.filter((name) => !writes.includes(name) || ownTokens.test(name)),
  );
});

test("Proxies changes integrations and external IDs and tests credentials, no more", () => {
  const changes = allowedOperations(["Proxies"]).filter((name) => writes.includes(name));
  assert.deepEqual(
    changes,
    writes.filter(
      (name) => /^(integrations|externalIds):|^credentials:Test$/.test(name) || ownTokens.test(name),
    ),
  );
  assert.ok(changes.length >= 9);
});

test("without a policy nothing is allowed", () => {
  assert.deepEqual(allowedOperations([]), []);
});

test("a denial names the operation, the policies that were checked, and what to do", () => {
  const denial = (operation: OperationName, ...policies: ManagedPolicyName[]) => {
    try {
      authorize(principal(...policies), operation);
    } catch (error) {
      assert.ok(error instanceof AppError && error.code === "access_denied");
      return error.message;
    }
    return assert.fail("allowed");
  };
  assert.equal(
    denial("integrations:Create", "ReadOnlyAccess"),
    "User: arn:aws:iam::000000000000:user/alice is not authorized to perform: integrations:Create on resource: * because no identity-based policy allows the integrations:Create action. None of the policies checked (ReadOnlyAccess) has an Allow for it. Ask an administrator to attach AdministratorAccess or Proxies.",
  );
  assert.equal(
    denial("vault:Rotate"),
    "User: arn:aws:iam::000000000000:user/alice is not authorized to perform: vault:Rotate on resource: * because no identity-based policy allows the vault:Rotate action. No policy is attached. Ask an administrator to attach AdministratorAccess.",
  );
});
