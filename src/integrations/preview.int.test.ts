import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { type RunningSimulator, startSimulator } from "../../simulator/index.ts";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { type Aws, classifyAwsError, createAws } from "../aws/index.ts";
import { systemClock, systemRandom } from "../base/index.ts";
import { cloudIntegrationInput, credentialInput, integrationPreviewInput } from "../contract/index.ts";
import { createCredentials, createExternalIds, createVault, generateMasterKey } from "../vault/index.ts";
import { createIntegrations, type Integrations } from "./index.ts";

const caller = { name: "admin", arn: "arn:aws:iam::000000000000:user/admin" };
const masterKey = generateMasterKey(systemRandom);
const dayMs = 86_400_000;

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let simulator: RunningSimulator;
  let aws: Aws;
  let integrations: Integrations;
  let credentialId: string;

  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    simulator = await startSimulator({ metricsPerAccount: 3000 });
    const base = { db: opened.database, clock: systemClock, random: systemRandom, log: quietLog };
    aws = createAws({ ...base, allowPrivateEndpoints: true, environment: {} });
    const vault = await createVault({ ...base, masterKeys: [masterKey] });
    const externalIds = createExternalIds(base);
    const policy = { allowedMethods: ["keys" as const], assumeRoleEnabled: true };
    const credentials = createCredentials({ ...base, vault, aws, externalIds, policy });
    integrations = createIntegrations({ ...base, credentials, externalIds, classify: classifyAwsError });
    const { accessKeyId, secretAccessKey, roleArn, externalIds: known } = simulator.seeded;
    const fields = {
      name: `key ${systemRandom.uuid()}`,
      method: "keys",
      region: "us-east-1",
      accessKeyId,
      secretAccessKey,
      endpoints: { default: simulator.url, sts: simulator.url },
      roleChain: [{ roleArn, externalIdSource: "owner", externalId: known[0] }],
    };
    credentialId = (await credentials.create(credentialInput.parse(fields), caller)).id;
  });
  afterEach(async () => {
    aws.close();
    await simulator.close();
  });

  const preview = (cloudWatch: object, others: object = {}) =>
    integrations.preview(
      integrationPreviewInput.parse({ service: "CLOUDWATCH", credentialId, cloudWatch, ...others }),
    );
  const listedIn = (region: string) =>
    simulator.simulator.world
      .catalogue(simulator.seeded.productionAccountId, region)
      .metrics.filter(({ untilMs }) => untilMs > Date.now() - 14 * dayMs);

  test("all that the account lists is counted, by region, namespace and dimensions", async () => {
    const found = await preview({ regions: ["us-east-1", "eu-west-1"] });
    const [home, away] = [listedIn("us-east-1"), listedIn("eu-west-1")];
    assert.deepEqual(found.regions, [
      { region: "us-east-1", listedMetrics: home.length, matchedMetrics: home.length },
      { region: "eu-west-1", listedMetrics: away.length, matchedMetrics: away.length },
    ]);
    assert.equal(found.matchedMetrics, home.length + away.length);
    assert.equal(found.series, found.matchedMetrics * 5);
    assert.equal(found.truncated, false);
    const pages = Math.ceil(home.length / 500) + Math.ceil(away.length / 500);
    assert.deepEqual(found.previewCost, { listMetricsCalls: pages, usd: pages * 0.00001 });
    const spent = await integrations.spending.get({ groupBy: "operation", credentialId });
    assert.deepEqual(
      spent.items.map(({ key, calls }) => [key, calls]),
      [["ListMetrics", pages]],
    );
    const queues = [...home, ...away].filter(({ namespace }) => namespace === "AWS/SQS");
    const sqs = found.namespaces.find(({ namespace }) => namespace === "AWS/SQS");
    assert.deepEqual(
      sqs?.dimensionSets.map(({ dimensions, metrics }) => [dimensions, metrics]),
      [["QueueName", queues.length]],
    );
    assert.ok(found.namespaces.some(({ namespace, slow }) => namespace === "AWS/S3" && slow));
    assert.equal((await integrations.list({ offset: 0, limit: 1 })).totalItems, 0, "nothing is stored");
  });

  test("namespaces, name filter and tag selection match as they do in a run", async () => {
    const instances = simulator.simulator.world.inventory(
      simulator.seeded.productionAccountId,
      "us-east-1",
    ).instances;
    const [key, value] = Object.entries(instances[0]!.tags)[0]!;
    const chosen = new Set(instances.filter(({ tags }) => tags[key] === value).map(({ id }) => id));
    const expected = listedIn("us-east-1").filter(
      ({ namespace, name, dimensions }) =>
        namespace === "AWS/EC2" &&
        name === "CPUUtilization" &&
        dimensions.every((each) => each.Name !== "InstanceId" || chosen.has(each.Value)),
    );
    const found = await preview({
      namespaces: ["aws/ec2"],
      metricFilterRegex: "aws.ec2.cpuutilization",
      instanceSelectionTags: { [key]: value },
      statistics: ["Average"],
    });
    assert.ok(expected.length > 0);
    assert.equal(found.matchedMetrics, expected.length);
    // Every five minutes for a month, at a cent per thousand.
    const { low, high } = found.usdPerMonth;
    assert.ok(low < expected.length * 0.0864 && high > expected.length * 0.0864);
    const listings = 2880 * found.perRun.listMetricsCalls * 0.00001;
    assert.ok(high < expected.length * 0.1 + listings, "older time and listings come to it");
    assert.ok(found.listedMetrics > found.matchedMetrics);
    const left = found.unmatched.reduce((total, { metrics }) => total + metrics, 0);
    assert.equal(left, found.listedMetrics - found.matchedMetrics, "each metric left out has its reason");
    const byName = found.unmatched.find(({ setting }) => setting === "metricFilterRegex");
    assert.match(byName?.examples[0]?.subject ?? "", /^aws\.ec2\.(?!cpuutilization$)/);
  });

  test("bucket names, tag keys and namespaces that are not there are told before anything is saved", async () => {
    const buckets = listedIn("us-east-1").flatMap(({ namespace, dimensions }) =>
      namespace === "AWS/S3" ? dimensions.filter(({ Name }) => Name === "BucketName") : [],
    );
    const [bucket] = buckets;
    assert.ok(bucket);
    const found = await preview({
      namespaces: ["AWS/S3", "ec2"],
      s3BucketNameFilterRegex: bucket.Value.toUpperCase(),
      pointTagFilterRegex: "(region|name)",
    });
    assert.equal(found.matchedMetrics, buckets.filter(({ Value }) => Value === bucket.Value).length);
    const others = found.unmatched.find(({ setting }) => setting === "s3BucketNameFilterRegex");
    assert.equal(others?.metrics, buckets.length - found.matchedMetrics);
    assert.deepEqual(found.pointTags.matched, ["Name"]);
    assert.ok(found.pointTags.unmatched.length > 0);
    assert.match(found.notes.join(), /Did you mean AWS\/EC2\?/);
  });

  test("a stored integration is previewed with changes, and what is not there is not found", async () => {
    const input = { name: "Queues", service: "CLOUDWATCH", credentialId };
    const stored = await integrations.create({ ...input, cloudWatch: { namespaces: ["AWS/SQS"] } }, caller);
    const body = integrationPreviewInput.parse({ id: stored.id, serviceRefreshRateInMins: 30 });
    const found = await integrations.preview(body);
    assert.deepEqual(
      [found.intervalMinutes, found.namespaces.map(({ namespace }) => namespace)],
      [30, ["AWS/SQS"]],
    );
    assert.equal((await integrations.get(stored.id)).serviceRefreshRateInMins, 5);
    await integrations.remove(stored.id, { skipTrash: true }, caller);
    await assert.rejects(integrations.preview(body), { code: "integration_not_found" });
  });

  test("advice compares a stored integration with cheaper settings, lists once a quarter of an hour, and can be applied", async () => {
    const input = { name: "Queues", service: "CLOUDWATCH", credentialId };
    const cloudWatch = { namespaces: ["AWS/SQS"], monthlyCapUsd: 0.05 };
    const stored = await integrations.create({ ...input, cloudWatch }, caller);
    const advice = await integrations.advise(stored.id);
    const listed = simulator.simulator.calls.count("monitoring", "ListMetrics");
    assert.deepEqual(await integrations.advise(stored.id), advice);
    assert.equal(simulator.simulator.calls.count("monitoring", "ListMetrics"), listed);
    assert.deepEqual([advice.integrationId, advice.monthlyCapUsd], [stored.id, 0.05]);
    const kinds = new Set(advice.items.map(({ kind }) => kind));
    assert.deepEqual([...kinds], ["cap-too-low", "longer-interval", "fewer-statistics"]);

    const { usdPerMonth } = await integrations.preview(integrationPreviewInput.parse({ id: stored.id }));
    assert.deepEqual(advice.usdPerMonth, usdPerMonth);
    const longer = advice.items.find(({ kind }) => kind === "longer-interval");
    assert.ok(longer);
    await integrations.update(stored.id, cloudIntegrationInput.parse(longer.change), caller);
    const after = await integrations.advise(stored.id);
    const saved = usdPerMonth.high - after.usdPerMonth.high;
    assert.ok(Math.abs(saved - longer.savingPerMonth.high) < 1e-9, "the advice saved what it said");
    await integrations.remove(stored.id, { skipTrash: true }, caller);
    await assert.rejects(integrations.advise(stored.id), { code: "integration_not_found" });
  });

  test("a refusal of AWS is told with cause and advice; bad settings by their field", async () => {
    simulator.simulator.faults.add({ operation: "ListMetrics", kind: "access-denied" });
    await assert.rejects(preview({}), { code: "credentials_rejected", message: /DENIED/ });
    await assert.rejects(preview({ metricFilterRegex: "(" }), { code: "pattern_invalid" });
    await assert.rejects(preview({ regions: ["nowhere"] }), { code: "validation_failed" });
    await assert.rejects(preview({}, { credentialId: systemRandom.uuid() }), { code: "validation_failed" });
  });

  test("tags that cannot be read leave out what they select, and the preview says so", async () => {
    simulator.simulator.faults.add({ operation: "GetResources", kind: "access-denied" });
    const found = await preview({
      namespaces: ["AWS/EC2", "AWS/SQS"],
      instanceSelectionTags: { environment: "production" },
    });
    assert.deepEqual(
      found.namespaces.map(({ namespace }) => namespace),
      ["AWS/SQS"],
    );
    assert.match(found.notes.join(), /tags could not be read/);
  });
});
