import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AppError } from "../../base/index.ts";
import { roleFeatures, roleSetupInput } from "../../contract/index.ts";
import type { ExternalIds } from "../external-ids.ts";
import { roleFeatureSpecs } from "./permissions.ts";
import { trustablePrincipal } from "./policies.ts";
import { createRoleSetup } from "./role-setup.ts";

let made = 0;
let serverArn: string | undefined;
const externalIds = { create: async () => ({ id: `Made${++made}` }) } as unknown as ExternalIds;
const identities: Record<string, string> = {
  "a0000000-0000-4000-8000-000000000001": "arn:aws:sts::111111111111:assumed-role/Server/i-123",
};
const setup = createRoleSetup({
  externalIds,
  identityOf: async (id) => identities[id],
  defaultBaseId: async () => null,
  serverIdentity: async () => serverArn,
});
const run = (input: object) =>
  setup(
    roleSetupInput.parse({
      principalArn: "arn:aws:iam::111111111111:role/Server",
      externalId: "ExternalId123456",
      ...input,
    }),
  );
const rejects = (path: string) => (error: unknown) =>
  error instanceof AppError && error.code === "validation_failed" && error.fields[0]?.path === path;

describe("role set-up", () => {
  test("demands our external ID in the trust policy, and trusts exactly one principal", async () => {
    const { trustPolicy } = await run({});
    const { Statement } = JSON.parse(trustPolicy);
    assert.equal(Statement.length, 1);
    assert.deepEqual(Statement[0].Principal, { AWS: "arn:aws:iam::111111111111:role/Server" });
    assert.deepEqual(Statement[0].Condition, { StringEquals: { "sts:ExternalId": "ExternalId123456" } });
  });

  test("allows the actions of the chosen features and no others, no wildcard, no write, not ce:GetUsageReport", async () => {
    for (const feature of roleFeatures) {
      const { permissionsPolicy } = await run({ features: [feature], bucketName: "trail-bucket" });
      const actions: string[] = JSON.parse(permissionsPolicy).Statement.flatMap(
        (statement: { Action: string[] }) => statement.Action,
      );
      assert.ok(actions.length > 0);
      for (const action of actions) {
        assert.match(action, /^[a-z0-9-]+:(Get|List|Describe|LookupEvents|StartQuery|StopQuery)[A-Za-z]*$/);
        assert.notEqual(action, "ce:GetUsageReport");
      }
    }
    const { permissionsPolicy } = await run({ features: ["metrics"] });
    assert.deepEqual(
      JSON.parse(permissionsPolicy).Statement.map((statement: { Action: string[] }) => statement.Action),
      [["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"]],
    );
  });

  test("is written for the partition of the region", async () => {
    const china = await run({
      region: "cn-north-1",
      principalArn: "arn:aws-cn:iam::111111111111:role/Server",
      features: ["cloudtrail-s3", "key-age"],
      bucketName: "trail-bucket",
    });
    assert.equal(china.partition, "aws-cn");
    assert.ok(!china.permissionsPolicy.includes("arn:aws:"));
    await assert.rejects(run({ region: "cn-north-1" }), rejects("principalArn"));
  });

  test("trusts the role behind a session, and says that its path may be lost", async () => {
    const result = await run({
      principalArn: undefined,
      baseCredentialId: "a0000000-0000-4000-8000-000000000001",
    });
    assert.equal(result.principalArn, "arn:aws:iam::111111111111:role/Server");
    assert.ok(result.notes.some((note) => note.includes("path")));
    assert.equal(trustablePrincipal("arn:aws:iam::1:user/x").isRoleOfSession, false);
  });

  test("takes the server's own identity when there is no base credential", async () => {
    serverArn = "arn:aws:iam::111111111111:role/Own";
    assert.equal((await run({ principalArn: undefined })).principalArn, serverArn);
    serverArn = undefined;
  });

  test("asks for what it cannot know", async () => {
    await assert.rejects(run({ principalArn: undefined }), rejects("principalArn"));
    await assert.rejects(
      run({ principalArn: undefined, baseCredentialId: "a0000000-0000-4000-8000-000000000002" }),
      rejects("baseCredentialId"),
    );
    await assert.rejects(run({ features: ["cloudtrail-s3"] }), rejects("bucketName"));
  });

  test("makes an external ID when none was given, another each time", async () => {
    const [first, second] = [await run({ externalId: undefined }), await run({ externalId: undefined })];
    assert.notEqual(first.externalId, second.externalId);
  });

  test("quotes what users may enter, in each language", async () => {
    const hostile = `arn:aws:iam::111111111111:role/a'"$(touch x)\${aws}%{if}\\`;
    const result = await run({ principalArn: hostile });
    assert.ok(result.awsCli.includes(`'\\''`), "a single quote ends and reopens the shell string");
    assert.equal(
      shellWords(result.awsCli).find((word) => word.includes("Principal")),
      JSON.stringify(JSON.parse(result.trustPolicy)),
    );
    assert.ok(result.cloudFormation.includes(JSON.stringify(hostile)));
    assert.ok(result.terraform.includes("$${aws}%%{if}"));
    assert.doesNotMatch(result.terraform, /[^$]\$\{/);
  });

  test("has a template with parameters, a named role and its ARN as output", async () => {
    const { cloudFormation, terraform } = await run({ roleName: "My.Role" });
    assert.match(cloudFormation, /ExternalId:\n {4}Type: String[\s\S]*NoEcho: true/);
    assert.match(cloudFormation, /PrincipalArn:\n {4}Type: String/);
    assert.match(cloudFormation, /RoleArn:[\s\S]*!GetAtt Role\.Arn/);
    assert.match(terraform, /output "role_arn"/);
  });

  test("lists every feature of the contract", () => {
    assert.deepEqual(Object.keys(roleFeatureSpecs).sort(), [...roleFeatures].sort());
  });
});

/** Splits a command the way a POSIX shell does, as far as single quotes and backslashes go. */
function shellWords(command: string): string[] {
  const words = command.match(/(?:'[^']*'|\\[\s\S]|[^\s'\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(/'([^']*)'|\\([\s\S])/g, (_, quoted, escaped) => quoted ?? escaped),
  );
}
