import assert from "node:assert/strict";
import { test } from "node:test";
import { type OperationName, operationNames, operations } from "../../contract/index.ts";
import { findManagedPolicy, managedPolicies } from "./managed-policies.ts";
import { allowedOperations } from "./require-access.ts";

const allowedBy = (...names: (keyof typeof managedPolicies)[]): OperationName[] =>
  allowedOperations(
    { kind: "user" },
    names.map((name) => managedPolicies[name].compiled),
  );
const writes = operationNames.filter((name) => operations[name].access !== "read");

/** Everybody may make, see and revoke tokens, but only their own: the cases on board say so. */
const ownTokens = /^iam:(Create|List|Delete)ServiceSpecificCredentials?$/;

test("AdministratorAccess allows every operation", () => {
  assert.deepEqual(allowedBy("AdministratorAccess"), operationNames);
});

test("ReadOnlyAccess allows what reads and the caller's own tokens, and nothing else", () => {
  const expected = operationNames.filter((name) => !writes.includes(name) || ownTokens.test(name));
  assert.deepEqual(allowedBy("ReadOnlyAccess"), expected);
});

test("Proxies changes integrations, external IDs and own tokens and tests credentials, no more", () => {
  const changes = allowedBy("Proxies").filter((name) => writes.includes(name));
  const expected = /^(integrations|externalIds):|^credentials:Test$/;
  assert.deepEqual(
    changes,
    writes.filter((name) => expected.test(name) || ownTokens.test(name)),
  );
  assert.ok(changes.length >= 9);
});

test("CloudWatchLogsAPIKeyAccess sends log events and does nothing else", () => {
  assert.deepEqual(allowedBy("CloudWatchLogsAPIKeyAccess"), ["logs:PutLogEvents"]);
});

test("without a policy nothing is allowed", () => {
  assert.deepEqual(allowedBy(), []);
});

test("each has the ARN and an id that AWS would give, and is found by the ARN alone", () => {
  const ids = new Set<string>();
  for (const policy of Object.values(managedPolicies)) {
    assert.equal(policy.arn, `arn:aws:iam::aws:policy/${policy.name}`);
    assert.match(policy.id, /^ANPA[A-Z0-9]{17}$/);
    assert.equal(findManagedPolicy(policy.arn), policy);
    assert.deepEqual(JSON.parse(policy.text), policy.document);
    ids.add(policy.id);
  }
  assert.equal(ids.size, Object.keys(managedPolicies).length);
  assert.equal(findManagedPolicy("AdministratorAccess"), undefined);
});
