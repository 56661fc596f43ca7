import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { caller, useCollectWorld } from "../../test/support/collect-world.ts";
import { forEachDatabase } from "../../test/support/databases.ts";
import { AppError } from "../base/index.ts";
import { cloudIntegrationInput, type IntegrationAccount } from "../contract/index.ts";
import type { Collector } from "./index.ts";

const roleName = "NephoscopeRead";
const accountId = (n: number) => `6000000000${String(n).padStart(2, "0")}`;
const arnOf = (n: number) => `arn:aws:iam::${accountId(n)}:role/${roleName}`;

forEachDatabase((open) => {
  const world = useCollectWorld(open);
  const { booksOf, ended } = world;
  let collector: Collector;
  let credentialId: string;

  beforeEach(async () => {
    credentialId = await world.addCredential(world.simulator);
    collector = await world.start();
  });

  /** Accounts with the role, which demands our external ID. */
  function addAccounts(count: number): void {
    const { accounts, seeded } = world.simulator.simulator;
    for (let n = 0; n < count; n++) {
      accounts.addAccount({ id: accountId(n), alias: `acme-${n}`, size: "small" });
      accounts.addRole({
        accountId: accountId(n),
        name: roleName,
        principals: [seeded.userArn],
        externalIds: [world.externalId],
      });
    }
  }

  const settings = (cloudWatch: object, others: object = {}) =>
    cloudIntegrationInput.parse({
      name: "All accounts",
      service: "CLOUDWATCH",
      credentialId,
      cloudWatch: {
        baseCredentials: { externalId: world.externalId },
        namespaces: ["AWS/EC2", "AWS/SQS"],
        regions: ["us-east-1"],
        ...cloudWatch,
      },
      ...others,
    });
  const create = async (cloudWatch: object, others: object = {}) =>
    (await world.integrations.create(settings(cloudWatch, others), caller)).id;
  const accountsOf = async (id: string): Promise<Record<string, IntegrationAccount>> => {
    const { items } = await world.integrations.accounts(id, { offset: 0, limit: 1000 });
    return Object.fromEntries(items.map((item) => [item.accountId, item]));
  };
  /** Accounts whose series are stored. */
  const ownersOf = async (integrationId: string) => {
    const { items } = await world.telemetry.metrics.findSeries(
      { integrationId },
      { offset: 0, limit: 10_000 },
    );
    return [...new Set(items.map((series) => series.accountId))].sort();
  };

  describe("roles in several accounts", () => {
    test("are each pulled, with their account on the series, and one that is revoked stops no other", async () => {
      const { integrations, simulator } = world;
      addAccounts(3);
      const id = await create({
        accounts: [{ roleArn: arnOf(0), name: "zero" }, { roleArn: arnOf(1) }, { roleArn: arnOf(2) }],
      });
      const first = await ended(id);
      assert.deepEqual([first.state, first.error], ["succeeded", null]);
      const before = await accountsOf(id);
      assert.deepEqual(
        Object.values(before).map(({ accountId: account, name, state, origin }) => [
          account,
          name,
          state,
          origin,
        ]),
        [0, 1, 2].map((n) => [accountId(n), n === 0 ? "zero" : null, "ok", "listed"]),
      );
      for (const { lastDataAt, metrics, lastRunAt } of Object.values(before)) {
        assert.ok(lastDataAt !== null && lastRunAt !== null && (metrics ?? 0) > 0);
      }
      assert.deepEqual(await ownersOf(id), [0, 1, 2].map(accountId));
      assert.ok(await booksOf(id).position(`${accountId(1)}:us-east-1`));
      assert.equal(await booksOf(id).position("us-east-1"), undefined);

      // Then everything is due again.
      await world.database.kysely.deleteFrom("checkpoints").execute();
      simulator.simulator.accounts.revokeTrust(arnOf(1));
      simulator.simulator.accounts.expireSessions(simulator.simulator.now());
      await integrations.update(
        id,
        settings(
          {
            accounts: [{ roleArn: arnOf(0) }, { roleArn: arnOf(1) }],
            namespaces: ["AWS/EC2", "AWS/SQS", "AWS/RDS"],
          },
          { forceSave: true },
        ),
        caller,
      );
      const second = await ended(id, 2);
      const after = await accountsOf(id);
      assert.deepEqual(Object.keys(after), [accountId(0), accountId(1)], "what was taken out is forgotten");
      assert.deepEqual([after[accountId(0)]?.state, after[accountId(1)]?.state], ["ok", "denied"]);
      assert.match(after[accountId(1)]?.lastError ?? "", /not authorized|could not be assumed/);
      assert.equal(second.state, "partial");
      assert.match(second.error?.message ?? "", new RegExp(`^Account ${accountId(1)}: `));
      assert.equal((await integrations.summaries.get(id)).state, "failing");
    });

    test("only when every account is refused is the integration disabled", async () => {
      const { integrations, simulator } = world;
      addAccounts(2);
      simulator.simulator.accounts.revokeTrust(arnOf(0));
      simulator.simulator.accounts.revokeTrust(arnOf(1));
      const id = await create(
        { accounts: [{ roleArn: arnOf(0) }, { roleArn: arnOf(1) }] },
        { forceSave: true },
      );
      const run = await ended(id);
      assert.equal(run.state, "failed");
      assert.equal((await integrations.summaries.get(id)).state, "disabled-by-error");
      const accounts = await accountsOf(id);
      assert.deepEqual(
        Object.values(accounts).map(({ state }) => state),
        ["denied", "denied"],
      );
    });

    test("that cannot be assumed are named when an integration is saved", async () => {
      const { simulator } = world;
      addAccounts(3);
      simulator.simulator.accounts.revokeTrust(arnOf(2));
      const accounts = [{ roleArn: arnOf(0) }, { roleArn: arnOf(1) }, { roleArn: arnOf(2), name: "two" }];
      const error = await rejected(create({ accounts }));
      assert.equal(error.code, "credentials_rejected");
      assert.match(
        error.message,
        /^1 of 3 accounts could not be used\. 600000000002 \(two\): DENIED_ASSUME: /,
      );
      assert.deepEqual(
        error.fields?.map(({ path }) => path),
        ["cloudWatch.accounts.2.roleArn"],
      );
      assert.ok(await create({ accounts }, { forceSave: true }));
    });

    test("are checked: twice the same account, an unknown external ID, what is no role", async () => {
      const { externalId } = world;
      addAccounts(2);
      const twice = await rejected(
        create({ accounts: [{ roleArn: arnOf(0) }, { roleArn: `${arnOf(0)}2` }] }),
      );
      assert.deepEqual(
        twice.fields?.map(({ path }) => path),
        ["cloudWatch.accounts.1.roleArn"],
      );
      const foreign = await rejected(create({ accounts: [{ roleArn: arnOf(0), externalId: "made-up" }] }));
      assert.match(foreign.message, /Unknown or expired/);
      const own = await rejected(
        create({ baseCredentials: { roleArn: arnOf(0), externalId }, accounts: [{ roleArn: arnOf(0) }] }),
      );
      assert.match(own.message, /pulled already/);
      const none = await rejected(create({ accounts: [{ roleArn: "NephoscopeRead" }] }));
      assert.match(none.message, /Not a role ARN/);
    });

    test("an external ID of one account is in use as long as the integration is", async () => {
      const { externalIds, simulator } = world;
      addAccounts(1);
      const other = (await externalIds.create(caller)).id;
      simulator.simulator.accounts.setExternalIds(arnOf(0), [other]);
      await create({ accounts: [{ roleArn: arnOf(0), externalId: other }] });
      await assert.rejects(externalIds.delete(other), { code: "external_id_in_use" });
    });
  });

  describe("an organization", () => {
    test("of twelve is pulled but for two that are suspended and one that is left out", async () => {
      const { simulator } = world;
      addAccounts(12);
      const { accounts, seeded } = simulator.simulator;
      accounts.setOrganization({
        managementAccountId: seeded.operatorAccountId,
        units: [],
        members: Array.from({ length: 12 }, (_, n) => ({
          accountId: accountId(n),
          name: `Account ${n}`,
          state: n < 2 ? ("SUSPENDED" as const) : ("ACTIVE" as const),
          parentId: "r-sim1",
        })).concat({
          accountId: seeded.operatorAccountId,
          name: "Management",
          state: "ACTIVE",
          parentId: "r-sim1",
        }),
      });
      const organization = { roleName, excludeAccounts: [accountId(11), seeded.operatorAccountId] };
      const id = await create({ organization });
      const run = await ended(id);
      assert.deepEqual([run.state, run.error], ["succeeded", null]);
      const found = Object.values(await accountsOf(id));
      assert.deepEqual(
        found.map(({ accountId: account, state }) => [account, state]),
        Array.from({ length: 11 }, (_, n) => [accountId(n), n < 2 ? "suspended" : "ok"]),
      );
      assert.ok(
        found.every(({ origin, roleArn }) => origin === "organization" && roleArn?.endsWith(roleName)),
      );
      const listings = simulator.simulator.calls.count("organizations", "ListAccounts");

      accounts.deny(seeded.userArn, "organizations:ListAccounts");
      await collector.runNow(id);
      await ended(id, 2);
      assert.equal(
        simulator.simulator.calls.count("organizations", "ListAccounts"),
        listings,
        "the list serves for an hour",
      );
    });

    test("that cannot be listed is said when it is saved", async () => {
      const error = await rejected(create({ organization: { roleName } }));
      assert.match(error.message, /could not be listed.*not a member of an organization/);
    });
  });

  test("a preview looks at five accounts and says what the others would add", async () => {
    const { integrations, simulator } = world;
    addAccounts(8);
    const { accounts } = simulator.simulator;
    const roles = Array.from({ length: 8 }, (_, n) => ({ roleArn: arnOf(n) }));
    const listed = (n: number) =>
      simulator.simulator.world
        .catalogue(accountId(n), "us-east-1")
        .metrics.filter(({ namespace }) => ["AWS/EC2", "AWS/SQS"].includes(namespace)).length;
    const one = await integrations.preview(settings({ accounts: roles.slice(0, 1) }));
    const all = await integrations.preview(settings({ accounts: roles }));
    assert.match(all.notes[0] ?? "", /^Estimated from 5 of 8 accounts/);
    const sampled = [0, 1, 3, 4, 6];
    const found = sampled.reduce((total, n) => total + listed(n), 0);
    assert.equal(all.listedMetrics, Math.round((found * 8) / 5));
    assert.deepEqual(
      all.regions.map(({ region }) => region),
      ["us-east-1"],
    );
    assert.ok(all.usdPerMonth.low > 4 * one.usdPerMonth.low);
    assert.equal(all.previewCost.listMetricsCalls, 5 * one.previewCost.listMetricsCalls);

    accounts.setLinks(accountId(0), [accountId(1)]);
    const linked = await integrations.preview(
      settings({ accounts: roles.slice(0, 1), includeLinkedAccounts: true }),
    );
    assert.equal(linked.listedMetrics, listed(0) + listed(1));
    assert.match(
      linked.notes.join(" "),
      new RegExp(`${listed(1)} of the listed metrics belong to 1 linked accounts`),
    );
  });

  test("linked accounts are pulled through the one that they share with, each metric under its owner", async () => {
    const { integrations, simulator } = world;
    addAccounts(2);
    const { accounts } = simulator.simulator;
    accounts.setLinks(accountId(0), [accountId(1), "333333333333"]);
    const id = await create({
      accounts: [{ roleArn: arnOf(0) }],
      includeLinkedAccounts: true,
      owningAccounts: [accountId(1)],
    });
    const run = await ended(id);
    assert.deepEqual([run.state, run.error], ["succeeded", null]);
    const owners = await ownersOf(id);
    assert.deepEqual(owners, [accountId(0), accountId(1)]);
    const { collection } = integrations;
    for (const owner of owners) {
      const origin = { integrationId: id, accountId: owner, region: "us-east-1", namespace: "AWS/EC2" };
      const range = { from: Date.now() - 3_600_000, to: Date.now() };
      const described = await collection.describe(
        { ...origin, metricName: "CPUUtilization", periodSeconds: 60 },
        range,
      );
      assert.ok(
        described.settledTo > Date.now() - 86_400_000,
        "what is read through a link is settled with it",
      );
    }

    // With a role of its own the account is pulled through that alone: twice would cost twice.
    const both = await create({
      accounts: [{ roleArn: arnOf(0) }, { roleArn: arnOf(1) }],
      includeLinkedAccounts: true,
    });
    assert.deepEqual((await ended(both)).error, null);
    assert.deepEqual(await ownersOf(both), ["333333333333", accountId(0), accountId(1)]);
    const { items } = await integrations.spending.get({ groupBy: "account", integrationId: both });
    const metricsIn = (owner: string) =>
      simulator.simulator.world
        .catalogue(owner, "us-east-1")
        .metrics.filter(({ namespace }) => ["AWS/EC2", "AWS/SQS"].includes(namespace)).length;
    assert.deepEqual(items.map(({ key }) => key).sort(), [accountId(0), accountId(1)], "who is asked pays");
    const asked = items.find(({ key }) => key === accountId(0))?.metricsRequested.low ?? 0;
    assert.ok(asked < 2 * (metricsIn(accountId(0)) + metricsIn("333333333333")), `${asked} metrics`);
  });
});

async function rejected(work: Promise<unknown>): Promise<AppError> {
  return work.then(
    () => assert.fail("should have been refused"),
    (error: unknown) => {
      assert.ok(error instanceof AppError, String(error));
      return error;
    },
  );
}
