import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type RunningSimulator, startSimulator } from "../../simulator/index.ts";
import { skipWithoutMoto, startMoto } from "../../test/support/moto.ts";
import { createLog, Secret, systemClock } from "../base/index.ts";
import { type Aws, createAws } from "./aws.ts";
import { classifyAwsError } from "./classify.ts";
import { listOrganizationAccounts } from "./organization-accounts.ts";
import { plainSource } from "./source.ts";

const never = new AbortController().signal;
let aws: Aws;
let running: RunningSimulator;

before(async () => {
  aws = createAws({
    clock: systemClock,
    log: createLog({ level: "silent" }),
    allowPrivateEndpoints: true,
    environment: {},
  });
  running = await startSimulator();
});
after(async () => {
  aws.close();
  await running.close();
});

function sessionAt(url: string, keys: { accessKeyId: string; secretAccessKey: string }) {
  const { accessKeyId, secretAccessKey } = keys;
  return aws.open({
    ...plainSource,
    recordId: url,
    version: 1,
    method: "keys",
    // The service has one region in the partition, whatever region the credential is for.
    region: "eu-west-1",
    keys: { accessKeyId, secretAccessKey: new Secret(secretAccessKey) },
    endpoints: { default: url, sts: url },
  });
}

const id = (n: number) => `5000000000${String(n).padStart(2, "0")}`;

describe("an organization", () => {
  before(() => {
    const { accounts, seeded } = running.simulator;
    accounts.setOrganization({
      managementAccountId: seeded.operatorAccountId,
      units: [
        { id: "ou-sim1-workload", name: "Workloads", parentId: "r-sim1" },
        { id: "ou-sim1-prod0000", name: "Production", parentId: "ou-sim1-workload" },
      ],
      members: [
        { accountId: seeded.operatorAccountId, name: "Management", state: "ACTIVE", parentId: "r-sim1" },
        ...Array.from({ length: 45 }, (_, n) => ({
          accountId: id(n),
          name: `Account ${n}`,
          state: n === 7 ? ("SUSPENDED" as const) : ("ACTIVE" as const),
          parentId: n < 3 ? "ou-sim1-prod0000" : n < 5 ? "ou-sim1-workload" : "r-sim1",
        })),
      ],
    });
  });

  test("is listed over all its pages, with what is suspended", async () => {
    const found = await listOrganizationAccounts(sessionAt(running.url, running.seeded), [], never);
    assert.equal(found.length, 46);
    assert.deepEqual(
      found.filter(({ suspended }) => suspended),
      [{ accountId: id(7), name: "Account 7", suspended: true }],
    );
    assert.ok(running.simulator.calls.count("organizations", "ListAccounts") >= 3);
    assert.equal(running.simulator.calls.recent.at(-1)?.region, "us-east-1");
  });

  test("units bring the accounts of the units below them", async () => {
    const found = await listOrganizationAccounts(
      sessionAt(running.url, running.seeded),
      ["ou-sim1-workload"],
      never,
    );
    assert.deepEqual(
      found.map(({ accountId }) => accountId),
      [0, 1, 2, 3, 4].map(id),
    );
  });

  test("tells why an account may not list it", async () => {
    const { accounts, seeded } = running.simulator;
    accounts.deny(seeded.userArn, "organizations:ListAccounts");
    const denied = await failureOf(listOrganizationAccounts(sessionAt(running.url, seeded), [], never));
    accounts.undeny(seeded.userArn, "organizations:ListAccounts");
    assert.equal(denied.cause, "DENIED_ACTION");
    const unknown = await failureOf(
      listOrganizationAccounts(sessionAt(running.url, seeded), ["ou-sim1-none0000"], never),
    );
    assert.match(unknown.message, /parent that doesn't exist/);
  });
});

test("what is no account is none, and a name is a line of text", async () => {
  const Accounts = [
    { Id: "111122223333", Name: `a\u202eb\n${"x".repeat(500)}` },
    { Id: "111122223333:role/Other", Name: "b" },
    { Id: "*", Name: "c" },
  ];
  const session = { client: () => ({ send: async () => ({ Accounts }) }) };
  const found = await listOrganizationAccounts(session as never, [], never);
  assert.deepEqual(found, [{ accountId: "111122223333", name: `a b ${"x".repeat(124)}`, suspended: false }]);
});

test("another maker's Organizations is read alike", { skip: skipWithoutMoto }, async () => {
  const moto = await startMoto();
  try {
    const ask = async (target: string, body: object) => {
      const answer = await fetch(moto.url, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": `AWSOrganizationsV20161128.${target}`,
          authorization:
            "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/organizations/aws4_request, SignedHeaders=host, Signature=0",
        },
        body: JSON.stringify(body),
      });
      assert.equal(answer.status, 200, await answer.clone().text());
    };
    await ask("CreateOrganization", { FeatureSet: "ALL" });
    for (const name of ["Production", "Sandbox"])
      await ask("CreateAccount", { Email: `${name}@acme.example`, AccountName: name });
    const keys = { accessKeyId: "test", secretAccessKey: "test" };
    const found = await listOrganizationAccounts(sessionAt(moto.url, keys), [], never);
    assert.deepEqual(found.map(({ name }) => name).sort(), ["Production", "Sandbox", "master"]);
    assert.ok(found.every(({ accountId, suspended }) => /^\d{12}$/.test(accountId) && !suspended));
  } finally {
    await moto.stop();
  }
});

async function failureOf(work: Promise<unknown>) {
  return work.then(
    () => assert.fail("should have failed"),
    (error: unknown) => classifyAwsError(error),
  );
}
