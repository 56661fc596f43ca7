import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type RunningSimulator, startSimulator } from "../../simulator/index.ts";
import { type Clock, createLog, Secret, systemClock } from "../base/index.ts";
import type { ApiCall } from "./api-call.ts";
import { type Aws, type AwsDependencies, createAws } from "./aws.ts";
import { classifyAwsError } from "./classify.ts";
import { type AwsIdentitySource, plainSource } from "./source.ts";

const log = createLog({ level: "silent" });
let aheadMs = 0;
/** Ours runs ahead when a test says so; the simulated AWS keeps real time. */
const clock: Clock = { ...systemClock, now: () => Date.now() + aheadMs };
const folder = mkdtempSync(join(tmpdir(), "session-"));
let running: RunningSimulator;
let aws: Aws;

before(async () => {
  running = await startSimulator();
});
beforeEach(() => {
  aheadMs = 0;
  aws = open({});
  running.simulator.calls.reset();
  running.simulator.faults.clear();
});
afterEach(() => aws.close());
after(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

const open = (dependencies: Partial<AwsDependencies>) =>
  createAws({ clock, log, allowPrivateEndpoints: true, environment: {}, ...dependencies });

function source(fields: Partial<AwsIdentitySource> = {}): AwsIdentitySource {
  const { accessKeyId, secretAccessKey } = running.seeded;
  return {
    ...plainSource,
    recordId: "r",
    version: 1,
    method: "keys",
    region: "us-east-1",
    keys: { accessKeyId, secretAccessKey: new Secret(secretAccessKey), sessionToken: undefined },
    endpoints: { default: running.url, sts: running.url },
    ...fields,
  };
}
const role = (fields: object = {}) => ({
  roleArn: running.seeded.roleArn,
  externalId: running.seeded.externalIds[0],
  sessionName: "nephoscope-r",
  durationSeconds: 3600,
  ...fields,
});
const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => assert.fail("should have failed"),
    (thrown: unknown) => thrown,
  );
  return classifyAwsError(error);
};

describe("a session", () => {
  test("is the user of its keys, or the last role of its chain", async () => {
    assert.equal((await aws.open(source()).identity()).arn, running.seeded.userArn);
    const identity = await aws.open(source({ roleChain: [role()] })).identity();
    assert.match(identity.arn, /assumed-role\/NephoscopeRead\/nephoscope-r$/);
    assert.equal(identity.accountId, running.seeded.productionAccountId);
  });

  test("assumes a role once for any number of concurrent users and clients", async () => {
    const session = aws.open(source({ roleChain: [role()] }));
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        aws
          .open(source({ roleChain: [role()] }))
          .client(index % 2 ? "monitoring" : "sts", index % 3 ? "us-east-1" : "eu-west-1")
          .config.credentials(),
      ),
    );
    await session.client("monitoring").send(new ListMetricsCommand({ Namespace: "AWS/Billing" }));
    assert.equal(running.simulator.calls.count("sts", "AssumeRole"), 1);
  });

  test("is another one after an edit, at once", async () => {
    const first = aws.open(source());
    assert.equal(aws.open(source()), first);
    assert.notEqual(aws.open(source({ version: 2 })), first);
    aws.invalidate("r");
    assert.notEqual(aws.open(source()), first);
  });

  test("renews its role before the keys expire", async () => {
    const session = aws.open(source({ roleChain: [role({ durationSeconds: 900 })] }));
    await session.identity();
    aheadMs = 900_000 - 4 * 60_000;
    await session.identity();
    assert.equal(running.simulator.calls.count("sts", "AssumeRole"), 2);
  });

  test("renews and tries once more when AWS calls the token expired early", async () => {
    const session = aws.open(source({ roleChain: [role()] }));
    await session.identity();
    running.simulator.accounts.expireSessions(Date.now());
    await session.client("monitoring").send(new ListMetricsCommand({ Namespace: "AWS/Billing" }));
    assert.equal(running.simulator.calls.count("sts", "AssumeRole"), 2);
  });

  test("reports each attempt of each call, to all who asked", async () => {
    const all: ApiCall[] = [];
    const run: ApiCall[] = [];
    const counted = open({ onCall: (call) => all.push(call) });
    const session = counted.open(source()).withAccounting((call) => run.push(call));
    running.simulator.faults.add({ service: "monitoring", kind: "throttle", times: 1 });
    await session.client("monitoring").send(new ListMetricsCommand({ Namespace: "AWS/Billing" }));
    assert.deepEqual(
      run.map(({ service, operation, ok, recordId }) => [service, operation, ok, recordId]),
      [
        ["monitoring", "ListMetrics", false, "r"],
        ["monitoring", "ListMetrics", true, "r"],
      ],
    );
    assert.equal(all.length, 2);
  });

  test("calls of connection tests are told apart, since nobody else counts them", async () => {
    const all: ApiCall[] = [];
    const ofTests: ApiCall[] = [];
    const counted = open({ onCall: (call) => all.push(call), onTestCall: (call) => ofTests.push(call) });
    const list = new ListMetricsCommand({ Namespace: "AWS/Billing" });
    await counted.open(source()).client("monitoring").send(list);
    const session = counted.openForTest(source({ recordId: "tested" }));
    await session.client("monitoring").send(list);
    session.close();
    assert.deepEqual(
      ofTests.map(({ operation, recordId }) => [operation, recordId]),
      [["ListMetrics", "tested"]],
    );
    assert.equal(all.length, 2);
  });

  test("speaks the query protocol to CloudWatch where an emulator needs it", async () => {
    const session = aws.open(source({ emulatorCompatible: true }));
    const { Metrics = [] } = await session.client("monitoring").send(new ListMetricsCommand({}));
    assert.ok(Metrics.length > 0);
  });
});

describe("a refused session says why", () => {
  test("a key that is gone", async () => {
    const userArn = running.simulator.accounts.addUser({
      accountId: running.seeded.operatorAccountId,
      name: "gone",
    });
    const keys = running.simulator.accounts.addAccessKey(userArn);
    running.simulator.accounts.deactivateKey(keys.accessKeyId);
    const secretAccessKey = new Secret(keys.secretAccessKey);
    const session = aws.openForTest(source({ keys: { ...keys, secretAccessKey } }));
    assert.equal((await failureOf(session.identity())).cause, "BAD_KEY");
  });

  test("a wrong secret", async () => {
    const keys = { accessKeyId: running.seeded.accessKeyId, secretAccessKey: new Secret("wrong") };
    assert.equal((await failureOf(aws.openForTest(source({ keys })).identity())).cause, "BAD_SECRET");
  });

  test("a wrong external ID, told as a failure of the role in whatever call came first", async () => {
    const session = aws.openForTest(source({ roleChain: [role({ externalId: "wrong" })] }));
    const failure = await failureOf(session.client("monitoring").send(new ListMetricsCommand({})));
    assert.deepEqual([failure.cause, failure.disables], ["DENIED_ASSUME", true]);
    assert.match(
      failure.message,
      /The role arn:aws:iam::222222222222:role\/NephoscopeRead could not be assumed/,
    );
  });

  test("a clock twenty minutes off, with the offset", async () => {
    running.simulator.clockOffsetMs = 20 * 60_000;
    try {
      const session = aws.openForTest(source());
      assert.equal((await failureOf(session.identity())).cause, "CLOCK");
      assert.ok(Math.abs((session.clockOffsetMs() ?? 0) - 20 * 60_000) < 5_000);
    } finally {
      running.simulator.clockOffsetMs = 0;
    }
  });

  test("an endpoint that answers HTML, breaks off, or is not there", async () => {
    for (const [kind, cause] of [
      ["html", "PROXY"],
      ["reset", "NETWORK"],
    ] as const) {
      running.simulator.faults.add({ service: "sts", kind, times: 1 });
      assert.equal((await failureOf(aws.openForTest(source()).identity())).cause, cause);
    }
    const nowhere = source({ endpoints: { sts: "http://127.0.0.1:9" } });
    assert.equal((await failureOf(aws.openForTest(nowhere).identity())).cause, "NETWORK");
  });

  test("a loopback endpoint that the operator does not allow, although it was stored", async () => {
    const strict = open({ allowPrivateEndpoints: false });
    const failure = await failureOf(strict.openForTest(source()).identity());
    assert.deepEqual([failure.cause, failure.rawCode], ["LOCAL_CONFIG", "ENDPOINT_NOT_ALLOWED"]);
    assert.equal(running.simulator.calls.count("sts"), 0);
  });

  test("a metadata address, whatever the operator allows", async () => {
    const failure = await failureOf(
      aws.openForTest(source({ endpoints: { sts: "http://169.254.169.254" } })).identity(),
    );
    assert.equal(failure.rawCode, "ENDPOINT_NOT_ALLOWED");
  });
});

describe("a method", () => {
  test("profile takes keys and roles from the shared file and nothing from elsewhere", async () => {
    const credentialsFile = join(folder, "credentials");
    const { accessKeyId, secretAccessKey, roleArn, externalIds } = running.seeded;
    writeFileSync(
      credentialsFile,
      `[base]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n[reader]\nrole_arn = ${roleArn}\nsource_profile = base\nexternal_id = ${externalIds[0]}\n`,
      { mode: 0o600 },
    );
    const withFiles = open({ profileFiles: { credentialsFile, configFile: join(folder, "none") } });
    const identity = await withFiles
      .open(source({ method: "profile", profile: "reader", keys: undefined }))
      .identity();
    assert.match(identity.arn, /assumed-role\/NephoscopeRead/);
    const failure = await failureOf(
      withFiles.openForTest(source({ method: "profile", profile: "absent", keys: undefined })).identity(),
    );
    assert.equal(failure.cause, "LOCAL_CONFIG");
  });

  test("does not fall back: the server's environment has keys, the credential's own way fails", async () => {
    const before = { ...process.env };
    process.env.AWS_ACCESS_KEY_ID = running.seeded.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = running.seeded.secretAccessKey;
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = "http://127.0.0.1:9";
    try {
      for (const fields of [
        { method: "profile", profile: "absent" },
        { method: "instance", instanceSource: "ec2" },
        { method: "instance", instanceSource: "container" },
        { method: "web-identity" },
      ] as const) {
        const failure = await failureOf(aws.openForTest(source({ ...fields, keys: undefined })).identity());
        assert.equal(failure.message.includes("base credentials"), true, JSON.stringify(fields));
      }
      assert.equal(
        (await aws.open(source({ method: "default", keys: undefined })).identity()).arn,
        running.seeded.userArn,
      );
    } finally {
      process.env = before;
    }
  });

  test("ignores AWS_ENDPOINT_URL, AWS_PROFILE and AWS_REGION of the server", async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_ENDPOINT_URL_CLOUDWATCH: "http://127.0.0.1:9",
      AWS_PROFILE: "nobody",
      AWS_REGION: "cn-north-1",
      AWS_USE_FIPS_ENDPOINT: "true",
    });
    try {
      const session = aws.open(source({ endpoints: {} }));
      assert.equal(await session.endpointHost("monitoring"), "monitoring.us-east-1.amazonaws.com");
      assert.equal(await session.endpointHost("sts"), "sts.us-east-1.amazonaws.com");
      let asked = "";
      const client = session.client("monitoring");
      client.middlewareStack.add(
        () => async (args) => {
          asked = (args.request as { hostname: string }).hostname;
          throw new Error("not sent");
        },
        { step: "deserialize", priority: "low" },
      );
      await assert.rejects(client.send(new ListMetricsCommand({})), /not sent/);
      assert.equal(asked, "monitoring.us-east-1.amazonaws.com");
    } finally {
      process.env = before;
    }
  });

  test("web-identity reads its file anew each time, and only where token files may lie", async () => {
    const tokens = mkdtempSync(join(folder, "tokens-"));
    const file = join(tokens, "token");
    const { subject, audience } = running.seeded.webIdentity;
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const expires = Math.floor(Date.now() / 1000) + 3600;
    const token = `${encode({ alg: "none" })}.${encode({ sub: subject, aud: audience, exp: expires })}.x`;
    const fields = {
      method: "web-identity",
      keys: undefined,
      webIdentityRoleArn: running.seeded.webIdentityRoleArn,
      webIdentityTokenFile: file,
    } as const;
    const withTokens = open({ tokenDirectories: [tokens] });
    writeFileSync(file, "not a token");
    const session = withTokens.openForTest(source(fields));
    await failureOf(session.identity());
    writeFileSync(file, token);
    assert.match((await session.identity()).arn, /assumed-role\/NephoscopeWebIdentity/);

    symlinkSync("/etc/passwd", join(tokens, "link"));
    for (const path of ["/etc/passwd", join(tokens, "link"), `${tokens}/../credentials`, "/nowhere"]) {
      running.simulator.calls.reset();
      const failure = await failureOf(
        withTokens.openForTest(source({ ...fields, webIdentityTokenFile: path })).identity(),
      );
      assert.equal(failure.cause, "LOCAL_CONFIG", path);
      assert.equal(running.simulator.calls.count("sts"), 0);
    }
  });

  test("instance asks the metadata service with a token (IMDSv2) or the container endpoint with its own", async () => {
    const paths: string[] = [];
    const keys = JSON.stringify({
      Code: "Success",
      AccessKeyId: running.seeded.accessKeyId,
      SecretAccessKey: running.seeded.secretAccessKey,
      Token: "",
      Expiration: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const server = createServer((request, response) => {
      paths.push(
        `${request.method} ${request.url} ${request.headers["x-aws-ec2-metadata-token"] ?? request.headers.authorization ?? ""}`,
      );
      if (request.method === "PUT") response.end("imds-token");
      else if (request.url?.endsWith("/security-credentials/")) response.end("role");
      else response.end(keys);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const before = { ...process.env };
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = url;
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `${url}/container`;
    process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN = "pod-token";
    try {
      const here = open({ environment: process.env });
      const ec2 = here.open(source({ method: "instance", instanceSource: "ec2", keys: undefined }));
      assert.match((await ec2.stages[0]?.resolve())?.origin ?? "", /EC2/);
      assert.ok(paths.includes("PUT /latest/api/token "));
      assert.ok(paths.some((path) => path.endsWith("security-credentials/role imds-token")));
      const container = here.open(
        source({ method: "instance", instanceSource: "container", keys: undefined }),
      );
      assert.match((await container.stages[0]?.resolve())?.origin ?? "", /container/);
      assert.ok(paths.includes("GET /container pod-token"));
    } finally {
      process.env = before;
      server.close();
      server.closeAllConnections();
    }
  });
});

describe("a request", () => {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.setHeader("content-type", "text/xml");
    response.end(
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account><Arn>a</Arn><UserId>u</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>",
    );
  });
  let url = "";
  before(async () => {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  const keys = {
    accessKeyId: "ASIAIOSFODNN7EXAMPLE",
    secretAccessKey: new Secret("s"),
    sessionToken: new Secret("TOKEN"),
  };
  async function headersOf(fields: Partial<AwsIdentitySource>) {
    requests.length = 0;
    await aws
      .open(source({ keys, endpoints: { sts: url }, ...fields }))
      .client("sts")
      .send(new GetCallerIdentityCommand({}));
    return requests[0]?.headers ?? {};
  }

  test("carries the session token in AWS's own header and names us in the user agent", async () => {
    const headers = await headersOf({});
    assert.equal(headers["x-amz-security-token"], "TOKEN");
    assert.equal(headers["x-amz-access-token"], undefined);
    assert.match(headers["user-agent"] ?? "", /app\/nephoscope/);
    assert.match(headers.authorization ?? "", /\/us-east-1\/sts\/aws4_request/);
  });

  test("carries it in x-amz-access-token as well, signed, where the credential says so", async () => {
    const headers = await headersOf({ sessionTokenHeader: "with-x-amz-access-token" });
    assert.equal(headers["x-amz-security-token"], "TOKEN");
    assert.equal(headers["x-amz-access-token"], "TOKEN");
    assert.match(headers.authorization ?? "", /SignedHeaders=[^,]*x-amz-access-token/);
  });

  test("to CloudWatch is signed for the credential's service name", async () => {
    requests.length = 0;
    const session = aws.openForTest(
      source({ keys, endpoints: { monitoring: url }, serviceName: "my-gateway" }),
    );
    await session
      .client("monitoring")
      .send(new ListMetricsCommand({}))
      .catch(() => undefined);
    assert.match(requests[0]?.headers.authorization ?? "", /\/us-east-1\/my-gateway\/aws4_request/);
  });

  test("to STS does not follow the default endpoint", async () => {
    const session = aws.open(source({ endpoints: { default: url } }));
    assert.equal(await session.endpointHost("sts"), "sts.us-east-1.amazonaws.com");
    assert.equal(await session.endpointHost("logs"), new URL(url).host);
  });

  test("in each partition goes to its own host, FIPS and dual-stack included", async () => {
    const host = (fields: Partial<AwsIdentitySource>, service: "monitoring" | "ce" | "sts") =>
      aws.open(source({ endpoints: {}, ...fields })).endpointHost(service);
    assert.equal(
      await host({ region: "cn-north-1" }, "monitoring"),
      "monitoring.cn-north-1.amazonaws.com.cn",
    );
    assert.equal(await host({ region: "eu-west-1" }, "ce"), "ce.us-east-1.amazonaws.com");
    assert.equal(
      await host({ useFipsEndpoint: true }, "monitoring"),
      "monitoring-fips.us-east-1.amazonaws.com",
    );
    assert.equal(await host({ useDualstackEndpoint: true }, "monitoring"), "monitoring.us-east-1.api.aws");
    assert.equal(await host({ region: "ap-east-1" }, "sts"), "sts.us-east-1.amazonaws.com");
  });
});
