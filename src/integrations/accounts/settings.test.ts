import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldProblem } from "../../contract/index.ts";
import {
  type AccountSettings,
  checkAccounts,
  externalIdsOf,
  readAccounts,
  readOrganization,
} from "./settings.ts";

const role = (account: string, name = "Read") => `arn:aws:iam::${account}:role/${name}`;
const [one, two] = ["111111111111", "222222222222"];

function pathsOf(work: (problems: FieldProblem[]) => unknown): string[] {
  const problems: FieldProblem[] = [];
  work(problems);
  return problems.map(({ path }) => path);
}

test("accounts are kept as they were sent, without what is empty", () => {
  const input = [
    { roleArn: ` ${role(one)} `, externalId: null, name: " Production " },
    { roleArn: role(two), externalId: "abc" },
  ];
  const problems: FieldProblem[] = [];
  assert.deepEqual(readAccounts(input, "cloudWatch", problems), [
    { roleArn: role(one), name: "Production" },
    { roleArn: role(two), externalId: "abc" },
  ]);
  assert.deepEqual(problems, []);
  assert.equal(readAccounts(null, "cloudWatch", problems), undefined);
});

test("an account that is there twice, a malformed role and a malformed external ID are each named", () => {
  const input = [
    { roleArn: role(one) },
    { roleArn: role(one, "Other") },
    { roleArn: "arn:aws:iam::1:role/x" },
    { roleArn: role(two), externalId: "no spaces" },
  ];
  assert.deepEqual(
    pathsOf((problems) => readAccounts(input, "cloudWatch", problems)),
    ["cloudWatch.accounts.1.roleArn", "cloudWatch.accounts.2.roleArn", "cloudWatch.accounts.3.externalId"],
  );
});

test("the name of an account cannot look like another one's", () => {
  const input = ["a\nb", "a\u202eb", "a b"].map((name, index) => ({
    roleArn: role(`11111111111${index}`),
    name,
  }));
  assert.deepEqual(
    pathsOf((problems) => readAccounts(input, "cloudWatch", problems)),
    ["cloudWatch.accounts.0.name", "cloudWatch.accounts.1.name"],
  );
});

test("an organization needs a role's name; units and account ids have their shape", () => {
  const problems: FieldProblem[] = [];
  const read = readOrganization(
    {
      roleName: "monitoring/Read",
      includeAccounts: [one, one],
      excludeAccounts: [],
      organizationalUnits: ["ou-ab12-cdef3456", "r-ab12"],
      managementRoleArn: "",
    },
    "cloudWatch",
    problems,
  );
  assert.deepEqual(read, {
    roleName: "monitoring/Read",
    includeAccounts: [one],
    organizationalUnits: ["ou-ab12-cdef3456", "r-ab12"],
  });
  assert.deepEqual(problems, []);
  const bad = {
    roleName: "/Read",
    includeAccounts: ["12"],
    organizationalUnits: ["production"],
    managementRoleArn: "Read",
  };
  assert.deepEqual(pathsOf((found) => readOrganization(bad, "cloudWatch", found)).sort(), [
    "cloudWatch.organization.includeAccounts.0",
    "cloudWatch.organization.managementRoleArn",
    "cloudWatch.organization.organizationalUnits.0",
    "cloudWatch.organization.roleName",
  ]);
});

test("roles that the server's own identity assumes must demand an external ID", () => {
  const settings: AccountSettings = {
    accounts: [{ roleArn: role(one) }, { roleArn: role(two), externalId: "abc" }],
    organization: { roleName: "Read" },
  };
  const check = (own: { externalId: string; credentialId: string | null }) =>
    pathsOf((problems) => checkAccounts(settings, { roleArn: "", ...own }, "cloudWatch", problems));
  assert.deepEqual(check({ externalId: "", credentialId: null }), [
    "cloudWatch.accounts.0.externalId",
    "cloudWatch.organization.externalId",
  ]);
  assert.deepEqual(check({ externalId: "", credentialId: "a" }), []);
  assert.deepEqual(check({ externalId: "xyz", credentialId: null }), []);
});

test("accounts of several partitions, and the integration's own, are refused", () => {
  const own = { roleArn: role(two, "Own"), externalId: "abc", credentialId: null };
  const settings = {
    accounts: [
      { roleArn: role(one) },
      { roleArn: role(two) },
      { roleArn: `arn:aws-cn:iam::333333333333:role/x` },
    ],
  };
  assert.deepEqual(
    pathsOf((problems) => checkAccounts(settings, own, "cloudWatch", problems)),
    ["cloudWatch.accounts.1.roleArn", "cloudWatch.accounts.2.roleArn"],
  );
});

test("every external ID is found once", () => {
  const accounts = [
    { roleArn: role(one), externalId: "a" },
    { roleArn: role(two) },
    { roleArn: role(two), externalId: "a" },
  ];
  assert.deepEqual(externalIdsOf({ accounts, organization: { roleName: "Read", externalId: "b" } }), [
    "a",
    "b",
  ]);
});
