import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { type Moto, skipWithoutMoto, startMoto } from "../../../test/support/moto.ts";
import { type AwsIdentitySource, createAws, plainSource } from "../../aws/index.ts";
import { createLog, Secret, systemClock, systemRandom } from "../../base/index.ts";
import { runConnectionTest } from "./connection-test.ts";

describe("against moto_server", { skip: skipWithoutMoto }, () => {
  const clock = systemClock;
  const aws = createAws({
    clock,
    log: createLog({ level: "silent" }),
    allowPrivateEndpoints: true,
    environment: {},
  });
  let moto: Moto;

  before(async () => {
    moto = await startMoto();
  });
  after(async () => {
    aws.close();
    await moto?.stop();
  });

  const source = (fields: Partial<AwsIdentitySource> = {}): AwsIdentitySource => ({
    ...plainSource,
    recordId: "moto",
    version: 1,
    method: "keys",
    region: "eu-west-1",
    keys: {
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: new Secret("secret"),
      sessionToken: undefined,
    },
    endpoints: { default: moto.url, sts: moto.url },
    ...fields,
  });

  for (const emulatorCompatible of [false, true]) {
    test(`CloudWatch answers with the protocol for emulators ${emulatorCompatible ? "on" : "off"}`, async () => {
      const session = aws.open(source({ emulatorCompatible }));
      const { Metrics } = await session.client("monitoring").send(new ListMetricsCommand({}));
      assert.ok(Array.isArray(Metrics ?? []));
    });
  }

  test("a role is assumed, and that moto asks for no external ID is seen", async () => {
    const hop = {
      roleArn: "arn:aws:iam::123456789012:role/Read",
      externalId: "given",
      sessionName: "nephoscope",
      durationSeconds: 900,
    };
    // Each service of moto loads at its first call, which can take longer than a test allows.
    await aws.open(source()).identity();
    const result = await runConnectionTest(
      source({ roleChain: [hop] }),
      { services: ["monitoring"], checkExternalId: true },
      { aws, clock, random: systemRandom },
    );
    assert.equal(result.overall, "ok", JSON.stringify(result.steps));
    assert.match(result.identity?.arn ?? "", /assumed-role\/Read\/nephoscope$/);
    assert.equal(result.steps.find(({ id }) => id === "external-id-1")?.outcome, "warning");
  });
});
