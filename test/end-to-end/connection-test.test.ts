import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Connected, startConnected } from "../support/connected.ts";

/** The connection test names the cause and the next step, whatever goes wrong on the way to AWS. */
describe("the connection test", () => {
  let connected: Connected;
  before(async () => {
    connected = await startConnected();
  });
  after(() => connected.stop());

  const keys = () => {
    const { url, simulator } = connected.aws;
    const { accessKeyId, secretAccessKey } = simulator.seeded;
    return {
      method: "keys",
      region: "us-east-1",
      accessKeyId,
      secretAccessKey,
      endpoints: { default: url, sts: url },
    };
  };
  const tryOut = (credential: object, options: object = {}) =>
    connected.server.api("POST", "/api/v1/credentials/test", {
      credential: { name: "unsaved", ...credential },
      test: options,
    });
  const failedStep = (result: any) => result.steps.find((step: any) => step.outcome === "failed");

  test("good keys: identity, account and clock offset are shown, and nothing is saved", async () => {
    const result = await tryOut(keys(), { services: ["monitoring", "ec2", "logs", "tagging"] });
    assert.equal(result.identity.arn, connected.aws.simulator.seeded.userArn);
    assert.ok(Math.abs(result.clockOffsetMs) < 5000);
    assert.equal((await connected.server.api("GET", "/api/v1/credentials")).totalItems, 0);
  });

  const wrongs: [what: string, change: () => object, cause: string][] = [
    ["a wrong secret", () => ({ secretAccessKey: "not-the-secret-of-this-key" }), "BAD_SECRET"],
    ["an unknown key", () => ({ accessKeyId: "AKIAIOSFODNN7EXAMPLE" }), "BAD_KEY"],
    [
      "a role that does not trust us",
      () => ({
        roleChain: [
          {
            roleArn: connected.aws.simulator.seeded.roleArn,
            externalIdSource: "owner",
            externalId: "not-this-one",
          },
        ],
      }),
      "DENIED_ASSUME",
    ],
  ];
  for (const [what, change, cause] of wrongs) {
    test(`${what} is ${cause}, with AWS's own code and advice`, async () => {
      const result = await tryOut({ ...keys(), ...change() });
      assert.equal(result.overall, "failed");
      const step = failedStep(result);
      assert.equal(step.cause, cause, JSON.stringify(step));
      assert.ok(step.rawCode);
      assert.ok(step.advice.length > 0);
    });
  }

  test("a role that anybody who knows its ARN may use is flagged", async () => {
    const { openRoleArn } = connected.aws.simulator.seeded;
    const result = await tryOut({
      ...keys(),
      roleChain: [{ roleArn: openRoleArn, externalIdSource: "owner", externalId: "any-at-all" }],
    });
    const warning = result.steps.find((step: any) => step.id.startsWith("external-id"));
    assert.equal(warning?.outcome, "warning", JSON.stringify(result.steps));
    assert.ok(warning.advice.length > 0);
  });

  const faults: [what: string, kind: any, causes: string[]][] = [
    ["an endpoint that answers HTML", "html", ["PROXY", "UNKNOWN", "NETWORK"]],
    ["an endpoint that hangs", "hang", ["NETWORK"]],
    ["a connection that is cut", "reset", ["NETWORK"]],
  ];
  for (const [what, kind, causes] of faults) {
    test(`${what} ends in a clear failure within the limits`, { timeout: 40_000 }, async () => {
      connected.aws.simulator.faults.add({ kind });
      try {
        const began = performance.now();
        const result = await tryOut(keys());
        assert.ok(performance.now() - began < 25_000);
        assert.equal(result.overall, "failed");
        assert.ok(causes.includes(failedStep(result).cause), JSON.stringify(failedStep(result)));
      } finally {
        connected.aws.simulator.faults.clear();
      }
    });
  }

  test("a clock 20 minutes off is named as such, with the measured offset", async () => {
    connected.aws.simulator.clockOffsetMs = 20 * 60_000;
    try {
      const result = await tryOut(keys());
      assert.ok(Math.abs(result.clockOffsetMs - 20 * 60_000) < 5000, String(result.clockOffsetMs));
      const step = result.steps.find(
        (candidate: any) => candidate.cause === "CLOCK" || /clock/i.test(candidate.message),
      );
      assert.ok(step, JSON.stringify(result.steps));
    } finally {
      connected.aws.simulator.clockOffsetMs = 0;
    }
  });

  test("Cost Explorer is asked only when it is chosen, for it costs", async () => {
    const asked = () => connected.aws.simulator.calls.count("ce");
    const before = asked();
    await tryOut(keys(), { services: ["monitoring", "s3", "cloudtrail", "iam"] });
    assert.equal(asked(), before);
    await tryOut(keys(), { services: ["ce"] });
    assert.equal(asked(), before + 1);
  });
});
