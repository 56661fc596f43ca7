import assert from "node:assert/strict";
import { test } from "node:test";
import {
  combine,
  inTurn,
  managementHops,
  namedAccounts,
  type OwnSettings,
  organizationAccounts,
  sample,
} from "./plan.ts";

const role = (account: string) => `arn:aws:iam::${account}:role/Read`;
const [one, two, three] = ["111111111111", "222222222222", "333333333333"];
const own: OwnSettings = { roleArn: "", externalId: "own" };
const found = [one, two, three].map((accountId) => ({ accountId, name: "", suspended: accountId === three }));

test("a role of the list takes its own external ID, or else the integration's", () => {
  const accounts = [{ roleArn: role(one), externalId: "a" }, { roleArn: role(two) }];
  assert.deepEqual(
    namedAccounts({ ...own, accounts }).map(({ accountId, hop }) => [accountId, hop]),
    [
      [one, { roleArn: role(one), externalId: "a" }],
      [two, { roleArn: role(two), externalId: "own" }],
    ],
  );
  const none = namedAccounts({ roleArn: "", externalId: "", accounts: [{ roleArn: role(one) }] });
  assert.deepEqual(none[0]?.hop, { roleArn: role(one) });
});

test("the integration's own role stands first and needs no other; without one its credential is only the way in", () => {
  const [first] = namedAccounts({ ...own, roleArn: role(three), accounts: [{ roleArn: role(one) }] });
  assert.deepEqual([first?.accountId, first?.origin, first?.hop], [three, "own", undefined]);
  assert.deepEqual(namedAccounts(own), []);
});

test("accounts of an organization are chosen by id, and their role lies in the partition of the region", () => {
  const roles = (settings: object, region = "us-east-1") =>
    organizationAccounts(found, { roleName: "path/Read", ...settings }, { externalId: "own", region }).map(
      ({ roleArn }) => roleArn,
    );
  assert.deepEqual(roles({ includeAccounts: [two] }), [`arn:aws:iam::${two}:role/path/Read`]);
  assert.deepEqual(roles({ excludeAccounts: [two, three] }, "cn-north-1"), [
    `arn:aws-cn:iam::${one}:role/path/Read`,
  ]);
});

test("an account that is listed goes before the same one of the organization", () => {
  const named = namedAccounts({ ...own, accounts: [{ roleArn: role(two), name: "listed" }] });
  const all = combine(
    named,
    organizationAccounts(found, { roleName: "Read" }, { externalId: "", region: "us-east-1" }),
  );
  assert.deepEqual(
    all.map(({ accountId, origin, suspended }) => [accountId, origin, suspended]),
    [
      [two, "listed", false],
      [one, "organization", false],
      [three, "organization", true],
    ],
  );
});

test("those that waited longest come first, those never pulled before all", () => {
  const all = organizationAccounts(found, { roleName: "Read" }, { externalId: "", region: "us-east-1" });
  const order = inTurn(
    all,
    new Map([
      [one, 20],
      [two, 10],
    ]),
  ).map(({ accountId }) => accountId);
  assert.deepEqual(order, [three, two, one]);
});

test("a sample is spread over all", () => {
  assert.deepEqual(sample([1, 2, 3], 5), [1, 2, 3]);
  assert.deepEqual(
    sample(
      Array.from({ length: 100 }, (_, n) => n),
      4,
    ),
    [0, 25, 50, 75],
  );
});

test("the organization is listed by the role for it, else the integration's own, else the credential", () => {
  const organization = { roleName: "Read" };
  assert.deepEqual(managementHops({ ...organization, managementRoleArn: role(one), externalId: "m" }, own), [
    { roleArn: role(one), externalId: "m" },
  ]);
  assert.deepEqual(managementHops(organization, { ...own, roleArn: role(two) }), [
    { roleArn: role(two), externalId: "own" },
  ]);
  assert.deepEqual(managementHops(organization, own), []);
});
