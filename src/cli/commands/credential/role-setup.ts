import { type RoleSetup, roleSetup } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { findCredential } from "../../find-credential.ts";
import { escapeLines } from "../../output/escape.ts";
import { withoutAbsent } from "../../parse.ts";
import { collect, defineVerb } from "../../verb.ts";

interface RoleSetupOptions {
  feature?: string[];
  region?: string;
  roleName?: string;
  principalArn?: string;
  base?: string;
  externalId?: string;
  bucket?: string;
  format: string;
}

/** What `--format` prints. */
const formats: Readonly<Record<string, (setup: RoleSetup) => string>> = {
  cli: (setup) => setup.awsCli,
  cloudformation: (setup) => setup.cloudFormation,
  terraform: (setup) => setup.terraform,
  policies: (setup) => `Trust policy:\n${setup.trustPolicy}\n\nPermissions:\n${setup.permissionsPolicy}`,
};

export const setUpRole = defineVerb<RoleSetupOptions>({
  name: "role-setup",
  summary: "Print what sets a least-privilege role up: AWS CLI, CloudFormation, Terraform or the policies",
  configure: (command) =>
    command
      .option(
        "--feature <name>",
        "metrics, logs, ec2, tags, cloudtrail, costs…; repeatable (metrics)",
        collect,
      )
      .option("--region <region>", "region, decides the partition")
      .option("--role-name <name>", "name of the role (NephoscopeRead)")
      .option("--principal-arn <arn>", "who assumes the role")
      .option("--base <credential>", "credential that assumes the role, instead of --principal-arn")
      .option("--external-id <id>", "external ID (default: a new one)")
      .option("--bucket <name>", "bucket of the trail, for cloudtrail-s3")
      .option("--format <format>", Object.keys(formats).join(", "), "cli"),
  run: async (cli, _args, options) => {
    const write = formats[options.format];
    if (write === undefined) throw usageError(`--format takes ${Object.keys(formats).join(", ")}.`);
    const body = withoutAbsent({
      features: options.feature,
      region: options.region,
      roleName: options.roleName,
      principalArn: options.principalArn,
      baseCredentialId:
        options.base === undefined ? undefined : (await findCredential(cli.api, options.base)).id,
      externalId: options.externalId,
      bucketName: options.bucket,
    });
    const setup = await cli.api.post("/api/v1/role-setup", roleSetup, { body });
    cli.out.show(setup, () => `${escapeLines(write(setup)).trimEnd()}\n`);
    if (cli.out.json) return;
    // On standard error, so that what is redirected into a file is the template alone.
    const notes = [
      `The external ID is ${setup.externalId}; hand it to \`nepho credential create\` with --external-id.`,
      ...setup.notes,
    ];
    cli.terminal.writeError(`${notes.map((note) => `\nNote: ${escapeLines(note)}`).join("")}\n`);
  },
});
