import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { type Moto, skipWithoutMoto, startMoto } from "../../../test/support/moto.ts";
import { type RoleSetup, roleFeatures, roleSetupInput } from "../../contract/index.ts";
import type { ExternalIds } from "../external-ids.ts";
import { createRoleSetup } from "./role-setup.ts";

const run = promisify(execFile);

/** The texts in the hands of the programs that they are written for. */
describe("the set-up texts", () => {
  let directory: string;
  let texts: RoleSetup;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-role-"));
    const setup = createRoleSetup({
      externalIds: {} as ExternalIds,
      identityOf: async () => undefined,
      serverIdentity: async () => undefined,
    });
    texts = await setup(
      roleSetupInput.parse({
        principalArn: "arn:aws:iam::111111111111:role/Server",
        externalId: "ExternalId123456",
        features: [...roleFeatures],
        bucketName: "trail-files",
      }),
    );
  });
  after(() => rm(directory, { recursive: true, force: true }));

  test("for the AWS command line make the role", { skip: skipWithoutMoto || without("aws") }, async () => {
    const moto: Moto = await startMoto();
    try {
      const env = {
        ...process.env,
        AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_ENDPOINT_URL: moto.url,
        AWS_PAGER: "",
      };
      const { stdout } = await run("sh", ["-e", "-c", texts.awsCli], { env });
      assert.match(stdout, /^arn:aws:iam::\d{12}:role\/NephoscopeRead$/m);
      const show =
        "aws iam get-role --role-name NephoscopeRead --query Role.AssumeRolePolicyDocument --output json";
      const shown = await run("sh", ["-c", show], { env });
      assert.deepEqual(JSON.parse(shown.stdout), JSON.parse(texts.trustPolicy));
    } finally {
      await moto.stop();
    }
  });

  test("for CloudFormation have nothing to complain about", { skip: without("cfn-lint") }, async () => {
    const path = join(directory, "role.yaml");
    await writeFile(path, texts.cloudFormation);
    await run("cfn-lint", [path]);
  });

  test("for Terraform are formatted as it would do itself", { skip: without("terraform") }, async () => {
    const path = join(directory, "role.tf");
    await writeFile(path, texts.terraform);
    await run("terraform", ["fmt", "-check", "-diff", path]);
  });
});

/** The reason to skip a test for want of a program, or false. */
function without(program: string): string | false {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return false;
  } catch {
    return `${program} is not on the PATH`;
  }
}
