import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startServer, type TestServer } from "../support/server.ts";

/** Bad input ends in a clear, typed error; nothing is stored and the server stays well. */

const valid = {
  name: "production",
  method: "keys",
  region: "us-east-1",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

const role = "arn:aws:iam::123456789012:role/Read";

const refusedCredentials: [what: string, body: unknown, status: number, code: string, field?: string][] = [
  ["malformed JSON", '{"name": ', 400, "malformed_json"],
  ["invalid UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, "malformed_json"],
  ["too deep JSON", "[".repeat(5000) + "]".repeat(5000), 400, "malformed_json"],
  ["oversized body", JSON.stringify({ ...valid, description: "x".repeat(2_000_000) }), 413, "body_too_large"],
  ["wrong type", { ...valid, roleChain: "no" }, 400, "validation_failed", "roleChain"],
  ["unknown field", { ...valid, superSecret: true }, 400, "validation_failed"],
  ["no name", { ...valid, name: "  " }, 400, "validation_failed", "name"],
  ["10,000-character name", { ...valid, name: "n".repeat(10_000) }, 400, "validation_failed", "name"],
  ["control characters in the name", { ...valid, name: "a\u0007b" }, 400, "validation_failed", "name"],
  ["right-to-left override in the name", { ...valid, name: "a\u202eb" }, 400, "validation_failed", "name"],
  ["unknown method", { ...valid, method: "magic" }, 400, "validation_failed", "method"],
  ["a region that is no region", { ...valid, region: "nowhere" }, 400, "validation_failed", "region"],
  [
    "a region that is a host name trick",
    { ...valid, region: "evil.example/?x=" },
    400,
    "validation_failed",
    "region",
  ],
  [
    "an ARN of another partition",
    { ...valid, roleChain: [{ roleArn: role.replace("arn:aws:", "arn:aws-cn:") }] },
    400,
    "validation_failed",
    "roleChain.0.roleArn",
  ],
  [
    "keys without a secret",
    { ...valid, secretAccessKey: undefined },
    400,
    "validation_failed",
    "secretAccessKey",
  ],
  [
    "a temporary key without its token",
    { ...valid, accessKeyId: "ASIAIOSFODNN7EXAMPLE" },
    400,
    "validation_failed",
    "sessionToken",
  ],
  ["a method the operator does not allow", { ...valid, method: "instance" }, 403, "auth_method_not_allowed"],
  [
    "an endpoint on the metadata address",
    { ...valid, endpoints: { monitoring: "https://169.254.169.254/" } },
    400,
    "endpoint_not_allowed",
  ],
  [
    "an endpoint on loopback in hexadecimal",
    { ...valid, endpoints: { sts: "https://0x7f000001/" } },
    400,
    "endpoint_not_allowed",
  ],
  [
    "an endpoint over plain http",
    { ...valid, endpoints: { sts: "http://sts.amazonaws.com/" } },
    400,
    "endpoint_not_allowed",
  ],
];

describe("bad input", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  for (const [what, body, status, code, field] of refusedCredentials) {
    test(`a credential with ${what} is refused with ${code} and nothing is stored`, async () => {
      const response = await fetch(new URL("/api/v1/credentials", server.consoleUrl), {
        method: "POST",
        headers: { authorization: `Bearer ${server.firstRun.restToken}`, "content-type": "application/json" },
        body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
      });
      const answer: any = await response.json();
      assert.equal(response.status, status, JSON.stringify(answer));
      assert.equal(answer.error.code, code, JSON.stringify(answer));
      assert.ok(answer.error.message.length > 10);
      assert.match(answer.error.requestId, /^\S{8,}$/);
      if (field)
        assert.ok(
          answer.error.fields.some((problem: { path: string }) => problem.path === field),
          JSON.stringify(answer),
        );
      assert.equal(
        JSON.stringify(answer).includes(valid.secretAccessKey),
        false,
        "the secret must not come back",
      );
      assert.equal((await server.api("GET", "/api/v1/credentials")).totalItems, 0);
    });
  }

  const base = { name: "n", service: "CLOUDWATCH" };
  const refusedIntegrations: [what: string, body: unknown, pattern: RegExp][] = [
    ["malformed JSON", "{", /JSON/],
    ["no role and no credential", { ...base, cloudWatch: {} }, /roleArn|credential/],
    ["no external ID", { ...base, cloudWatch: { baseCredentials: { roleArn: role } } }, /external/i],
    ["an unknown service", { ...base, service: "TESLA" }, /service/i],
    ["a wrong type", { ...base, cloudWatch: { namespaces: "AWS/EC2" } }, /namespaces/],
    [
      "a region that does not exist",
      {
        ...base,
        cloudWatch: {
          baseCredentials: { roleArn: role, externalId: "abcd" },
          regions: ["us-east-1", "eu-middle-1"],
        },
      },
      /regions\.1/,
    ],
    ["a 10,000-character name", { ...base, name: "n".repeat(10_000) }, /name/i],
    [
      "a regular expression that does not compile",
      {
        ...base,
        cloudWatch: {
          baseCredentials: { roleArn: role, externalId: "abcd" },
          metricFilterRegex: "^aws.(ecs|rds).*)$",
        },
      },
      /metricFilterRegex/,
    ],
    [
      "a look-behind",
      {
        ...base,
        cloudWatch: {
          baseCredentials: { roleArn: role, externalId: "abcd" },
          pointTagFilterRegex: "(?<=a)b",
        },
      },
      /pointTagFilterRegex/,
    ],
  ];
  for (const [what, body, pattern] of refusedIntegrations) {
    test(`an integration with ${what} is refused in the envelope of its clients`, async () => {
      const response = await server.fetch("POST", "/api/v2/cloudintegration", body);
      const answer: any = await response.json();
      assert.equal(response.status, 400, JSON.stringify(answer));
      assert.equal(answer.status.result, "ERROR");
      assert.equal(answer.status.code, 400);
      assert.match(answer.status.message, pattern);
      assert.equal("response" in answer, false);
      assert.equal((await server.api("GET", "/api/v2/cloudintegration")).response.totalItems, 0);
    });
  }

  test("two concurrent edits of one credential: the second is told", async () => {
    const created = await server.api("POST", "/api/v1/credentials", { ...valid, name: "edited" });
    const edit = (description: string) =>
      server.fetch("PUT", `/api/v1/credentials/${created.id}`, { version: created.version, description });
    const answers = await Promise.all([edit("one"), edit("two")]);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409]);
    const conflict: any = await answers.find((answer) => answer.status === 409)?.json();
    assert.equal(conflict.error.code, "version_conflict");
    await server.api("DELETE", `/api/v1/credentials/${created.id}`);
  });

  test("nothing of all this was logged with a secret in it, and the server is well", async () => {
    assert.equal((await fetch(new URL("/readyz", server.consoleUrl))).status, 200);
    assert.equal(server.output().includes(valid.secretAccessKey), false);
    assert.equal(server.output().includes(server.firstRun.adminPassword), false);
    assert.equal(server.output().includes(server.firstRun.restToken), false);
  });
});
