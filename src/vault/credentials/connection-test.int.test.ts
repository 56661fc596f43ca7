import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { type RunningSimulator, startSimulator } from "../../../simulator/index.ts";
import { type Aws, createAws } from "../../aws/index.ts";
import { createLog, systemClock, systemRandom } from "../../base/index.ts";
import {
  type ConnectionTestInput,
  type ConnectionTestResult,
  type CredentialInput,
  connectionTestInput,
  connectionTestResult,
  credentialInput,
  probeServices,
} from "../../contract/index.ts";
import { type Database, openDatabase } from "../../db/index.ts";
import { createExternalIds } from "../external-ids.ts";
import { generateMasterKey } from "../sealing/key-ring.ts";
import { createVault } from "../sealing/vault.ts";
import { type Credentials, createCredentials } from "./credentials.ts";

const lines: string[] = [];
const log = createLog({ level: "debug", write: (line) => lines.push(line) });
const caller = { arn: "arn:aws:iam::000000000000:user/admin" };
let running: RunningSimulator;
let database: Database;
let aws: Aws;
let credentials: Credentials;

before(async () => {
  running = await startSimulator();
  database = await openDatabase({ log, clock: systemClock });
});
beforeEach(async () => {
  running.simulator.calls.reset();
  running.simulator.faults.clear();
  await database.kysely.deleteFrom("credentials").execute();
  aws = createAws({ clock: systemClock, log, allowPrivateEndpoints: true, environment: {} });
  const shared = { db: database, clock: systemClock, random: systemRandom, log };
  credentials = createCredentials({
    ...shared,
    vault: await createVault({ ...shared, masterKeys: [masterKey] }),
    externalIds: createExternalIds(shared),
    aws,
    policy: { allowedMethods: ["default", "keys"], assumeRoleEnabled: true },
  });
});
afterEach(() => aws.close());
after(async () => {
  await running.close();
  await database.close();
});

const masterKey = generateMasterKey(systemRandom);

const input = (fields: object = {}): CredentialInput =>
  credentialInput.parse({
    name: "Production",
    method: "keys",
    region: "us-east-1",
    accessKeyId: running.seeded.accessKeyId,
    secretAccessKey: running.seeded.secretAccessKey,
    endpoints: { default: running.url, sts: running.url },
    ...fields,
  });
const ownerRole = (externalId = running.seeded.externalIds[0], roleArn = running.seeded.roleArn) => ({
  roleChain: [{ roleArn, externalIdSource: "owner", externalId }],
});
const run = (fields: object = {}, options: Partial<ConnectionTestInput> = {}) =>
  credentials.testUnsaved(input(fields), connectionTestInput.parse(options));
const step = (result: ConnectionTestResult, id: string) => {
  const found = result.steps.find((candidate) => candidate.id === id);
  assert.ok(found, `no step ${id} in ${result.steps.map((candidate) => candidate.id).join(" ")}`);
  return found;
};
const outcomes = (result: ConnectionTestResult) =>
  Object.fromEntries(result.steps.map(({ id, outcome }) => [id, outcome]));

describe("a connection test", () => {
  test("climbs from the key through the role to every service, and says who it is", async () => {
    const result = connectionTestResult.parse(
      await run(ownerRole(), { services: probeServices.filter((service) => service !== "ce") }),
    );
    assert.equal(result.overall, "ok", JSON.stringify(result.steps, null, 1));
    assert.match(result.identity?.arn ?? "", /assumed-role\/NephoscopeRead/);
    assert.ok(Math.abs(result.clockOffsetMs ?? 1e9) < 2_000);
    assert.deepEqual(
      result.steps.slice(0, 5).map(({ id }) => id),
      ["validate", "base-credentials", "base-identity", "role-1", "effective-identity"],
    );
    assert.equal(step(result, "external-id-1").outcome, "ok");
    assert.equal(step(result, "probe-monitoring").endpointHost, new URL(running.url).host);
  });

  test("asks Cost Explorer only when told to, for it costs money", async () => {
    await run();
    assert.equal(running.simulator.calls.count("ce"), 0);
    assert.equal(step(await run({}, { services: ["ce"] }), "probe-ce").outcome, "ok");
    assert.equal(running.simulator.calls.count("ce"), 1);
  });

  test("warns of a role that can be assumed without the external ID, or with any", async () => {
    const result = await run(ownerRole("whatever", running.seeded.openRoleArn));
    const check = step(result, "external-id-1");
    assert.deepEqual([check.outcome, result.overall], ["warning", "ok"]);
    assert.match(check.message, /without an external ID/);
    const created = await credentials.create(
      input(ownerRole("whatever", running.seeded.openRoleArn)),
      caller,
    );
    await credentials.test(created.id, connectionTestInput.parse({}));
    const { warnings } = await credentials.get(created.id);
    assert.ok(warnings.some((warning) => warning.code === "external_id_not_enforced"));
    const { items } = await credentials.tests(created.id);
    assert.deepEqual(
      items.map(({ overall, trigger, failedStep }) => [overall, trigger, failedStep]),
      [["ok", "manual", null]],
    );
  });

  test("stops at the first broken rung, blames it and tries nothing above", async () => {
    const result = await run(ownerRole("wrong-id"));
    assert.equal(result.overall, "failed");
    assert.deepEqual(outcomes(result), {
      validate: "ok",
      "base-credentials": "ok",
      "base-identity": "ok",
      "role-1": "failed",
      "effective-identity": "skipped",
      "probe-monitoring": "skipped",
      "external-id-1": "skipped",
    });
    const { cause, rawCode, advice } = step(result, "role-1");
    assert.deepEqual([cause, rawCode], ["DENIED_ASSUME", "AccessDenied"]);
    assert.ok(advice.length > 0);
    assert.equal(running.simulator.calls.count("monitoring"), 0);
  });

  test("is partial when one service is denied, and names the permission", async () => {
    const { simulator, userArn } = { simulator: running.simulator, userArn: running.seeded.userArn };
    simulator.accounts.deny(userArn, "logs:*");
    try {
      const result = await run({}, { services: ["monitoring", "logs"] });
      assert.equal(result.overall, "partial");
      const { outcome, cause, message } = step(result, "probe-logs");
      assert.deepEqual([outcome, cause], ["failed", "DENIED_ACTION"]);
      assert.match(message, /logs:DescribeLogGroups/);
      assert.equal(step(result, "probe-monitoring").outcome, "ok");
    } finally {
      simulator.accounts.undeny(userArn, "logs:*");
    }
  });

  test("takes throttling for a sign that the credentials are fine", async () => {
    running.simulator.faults.add({ service: "monitoring", kind: "throttle" });
    const result = await run();
    assert.deepEqual([result.overall, step(result, "probe-monitoring").outcome], ["ok", "warning"]);
    assert.equal(step(result, "probe-monitoring").cause, "THROTTLED");
  });

  test("ends in time when the endpoint hangs, and says so", async () => {
    running.simulator.faults.add({ service: "monitoring", kind: "hang" });
    const result = await run();
    assert.ok(result.tookMs < 8_000, String(result.tookMs));
    assert.equal(step(result, "probe-monitoring").cause, "NETWORK");
    assert.equal(result.overall, "failed");
  });

  test("names a web page, a broken connection and a wrong clock as what they are", async () => {
    running.simulator.faults.add({ service: "sts", kind: "html", times: 1 });
    assert.equal(step(await run(), "base-identity").cause, "PROXY");
    running.simulator.faults.add({ service: "sts", kind: "reset", times: 1 });
    assert.equal(step(await run(), "base-identity").cause, "NETWORK");
    running.simulator.clockOffsetMs = -20 * 60_000;
    try {
      const result = await run();
      assert.equal(step(result, "base-identity").cause, "CLOCK");
      assert.ok(Math.abs((result.clockOffsetMs ?? 0) + 20 * 60_000) < 5_000);
    } finally {
      running.simulator.clockOffsetMs = 0;
    }
  });

  test("warns of the root user", async () => {
    const root = running.simulator.accounts.addAccessKey(
      `arn:aws:iam::${running.seeded.operatorAccountId}:root`,
    );
    const created = await credentials.create(input(root), caller);
    const result = await credentials.test(created.id, connectionTestInput.parse({}));
    assert.deepEqual([result.overall, step(result, "base-identity").outcome], ["ok", "warning"]);
    const { warnings } = await credentials.get(created.id);
    assert.deepEqual(
      warnings.map((warning) => warning.code),
      ["root_identity"],
    );
  });

  test("of unsaved values stores nothing; left out ones come from the record", async () => {
    const created = await credentials.create(input(), caller);
    const result = await credentials.testUnsaved(
      { id: created.id, version: 1, region: "eu-west-1" },
      connectionTestInput.parse({}),
    );
    assert.equal(result.overall, "ok");
    const unchanged = await credentials.get(created.id);
    assert.deepEqual(
      [unchanged.status, unchanged.region, unchanged.lastTest],
      ["untested", "us-east-1", null],
    );
  });

  test("of unsaved values does not send a stored secret to a new host", async () => {
    const created = await credentials.create(input(), caller);
    await assert.rejects(
      credentials.testUnsaved(
        { id: created.id, version: 1, endpoints: { sts: "http://127.0.0.1:9" } },
        connectionTestInput.parse({}),
      ),
      { code: "secret_required" },
    );
  });

  test("of a record is kept on it, and dropped when the record changed meanwhile", async () => {
    const created = await credentials.create(input(), caller);
    const result = await credentials.test(created.id, connectionTestInput.parse({}));
    const tested = await credentials.get(created.id);
    assert.deepEqual(
      [tested.status, tested.testedAt, tested.identity?.arn],
      ["ok", result.testedAt, running.seeded.userArn],
    );
    running.simulator.faults.add({ service: "monitoring", kind: "slow", delayMs: 300, times: 1 });
    const [, changed] = await Promise.all([
      credentials.test(created.id, connectionTestInput.parse({})),
      credentials.update(created.id, { version: 1, region: "eu-west-1" }, caller),
    ]);
    assert.equal(changed.status, "untested");
    assert.equal((await credentials.get(created.id)).status, "untested");
  });

  test("on schedule looks at identity and roles only", async () => {
    const created = await credentials.create(input(ownerRole()), caller);
    const result = await credentials.recheck(created.id);
    assert.equal(result.overall, "ok");
    assert.deepEqual(
      running.simulator.calls.recent.map(({ service }) => service).filter((service) => service !== "sts"),
      [],
    );
    assert.equal(running.simulator.calls.count("sts", "AssumeRole"), 1);
  });

  test("on schedule forgets nothing that the last full test found out", async () => {
    const opened = await credentials.create(input(ownerRole(undefined, running.seeded.openRoleArn)), caller);
    await credentials.test(opened.id, connectionTestInput.parse({}));
    await credentials.recheck(opened.id);
    const { warnings } = await credentials.get(opened.id);
    assert.ok(
      warnings.some(({ code }) => code === "external_id_not_enforced"),
      "the role is as open as before",
    );

    const partly = await credentials.create(input({ name: "Partly", ...ownerRole() }), caller);
    running.simulator.faults.add({ service: "monitoring", kind: "error500", times: 1 });
    const services = connectionTestInput.parse({ services: ["monitoring", "iam"] });
    assert.equal((await credentials.test(partly.id, services)).overall, "partial");
    assert.equal((await credentials.recheck(partly.id)).overall, "partial");
  });

  test("holds no secret in its result, and leaves none in the log", async () => {
    const results = [await run(), await run({ secretAccessKey: `x${running.seeded.secretAccessKey}` })];
    const text = JSON.stringify(results) + lines.join("\n");
    assert.ok(!text.includes(running.seeded.secretAccessKey));
    assert.ok(!text.includes(running.seeded.accessKeyId));
  });
});

describe("an opened credential", () => {
  test("calls AWS as the role on top of its own chain", async () => {
    const created = await credentials.create(input(), caller);
    const [externalId] = running.seeded.externalIds;
    const session = await credentials.open(created.id, [{ roleArn: running.seeded.roleArn, externalId }]);
    assert.match((await session.identity()).arn, /NephoscopeRead\/nephoscope-/);
    await assert.rejects(credentials.open(created.id, [{ roleArn: "arn:aws-cn:iam::222222222222:role/X" }]), {
      code: "validation_failed",
    });
  });

  test("is the same session for everyone until it is edited", async () => {
    const created = await credentials.create(input(ownerRole()), caller);
    const sessions = await Promise.all(Array.from({ length: 10 }, () => credentials.open(created.id)));
    await Promise.all(sessions.map((session) => session.identity()));
    assert.equal(running.simulator.calls.count("sts", "AssumeRole"), 1);
    await credentials.update(created.id, { version: 1, description: "edited" }, caller);
    await (await credentials.open(created.id)).identity();
    assert.equal(running.simulator.calls.count("sts", "AssumeRole"), 2);
  });
});
