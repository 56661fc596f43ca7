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
import { decide } from "./decide.ts";
import type { NamedPolicy } from "./document.ts";

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

test("ReadOnlyAccess allows what reads, and nothing else", () => {
  const allowed = allowedOperations(["ReadOnlyAccess"]);
  assert.deepEqual(
    allowed,
    operationNames.filter((name) => !writes.includes(name)),
  );
});

test("Proxies changes integrations and external IDs and tests credentials, no more", () => {
  const changes = allowedOperations(["Proxies"]).filter((name) => writes.includes(name));
  assert.deepEqual(
    changes,
    writes.filter((name) => /^(integrations|externalIds):|^credentials:Test$/.test(name)),
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
    "User alice may not perform integrations:Create: none of the attached policies (ReadOnlyAccess) allows it. Ask an administrator to attach AdministratorAccess or Proxies.",
  );
  assert.equal(
    denial("vault:Rotate"),
    "User alice may not perform vault:Rotate: no policy is attached. Ask an administrator to attach AdministratorAccess.",
  );
});

test("a Deny wins over any Allow and is named; letter case does not matter", () => {
  const policy = (name: string, effect: "Allow" | "Deny", action: string): NamedPolicy => ({
    name,
    document: {
      Version: "2012-10-17",
      Statement: [{ Sid: `${effect}It`, Effect: effect, Action: [action], Resource: "*" }],
    },
  });
  const policies = [policy("all", "Allow", "*"), policy("guard", "Deny", "VAULT:*")];
  assert.deepEqual(decide(policies, "vault:Rotate"), {
    outcome: "explicit-deny",
    statement: { policy: "guard", sid: "DenyIt" },
    policiesChecked: ["all", "guard"],
  });
  assert.equal(decide(policies, "runs:List").outcome, "allow");
});
