import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { type AwsIdentitySource, createAws, plainSource } from "../../aws/index.ts";
import { createLog, Secret, systemClock, systemRandom } from "../../base/index.ts";
import { runConnectionTest } from "./connection-test.ts";

/** A second AWS, made by others: what our own simulator and we might both get wrong shows here. */
const skip = hasMoto() ? false : "moto_server is not on the PATH";

describe("against moto_server", { skip }, () => {
  const clock = systemClock;
  const aws = createAws({
    clock,
    log: createLog({ level: "silent" }),
    allowPrivateEndpoints: true,
    environment: {},
  });
  let moto: ChildProcess;
  let url = "";

  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    moto = spawn("moto_server", ["-p", String(port)], { stdio: "ignore" });
    await answering(url);
  });
  after(() => {
    aws.close();
    moto.kill();
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
    endpoints: { default: url, sts: url },
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

function hasMoto(): boolean {
  try {
    execFileSync("moto_server", ["--help"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const answered = await fetch(`${url}/moto-api/`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await systemClock.sleep(200);
  }
  throw new Error("moto_server did not start within 30 seconds.");
}
