import type { Command } from "commander";
import { usageError } from "../../cli-error.ts";
import { parsePairs, withoutAbsent } from "../../parse.ts";
import { readFileOrInput, readSecret } from "../../secret-input.ts";
import type { Terminal } from "../../terminal.ts";
import { collect } from "../../verb.ts";

export interface CredentialFieldOptions {
  name?: string;
  description?: string;
  method?: string;
  region?: string;
  serviceName?: string;
  accessKeyId?: string;
  secretAccessKeyFile?: string;
  secretFromEnv?: string;
  sessionTokenFile?: string;
  sessionTokenFromEnv?: string;
  profile?: string;
  instanceSource?: string;
  webIdentityRoleArn?: string;
  webIdentityTokenFile?: string;
  roleArn?: string[];
  /** commander gives `false` for `--no-external-id`. */
  externalId?: string | boolean;
  ownerExternalId?: string;
  endpoint?: string[];
  fips?: boolean;
  dualstack?: boolean;
  emulatorCompatible?: boolean;
  sessionTokenHeader?: string;
  proxyUrl?: string;
  proxyUsername?: string;
  proxyPasswordFile?: string;
  caBundleFile?: string;
  tag?: string[];
}

/** The flags that `create` and `update` share. */
export function addCredentialFields(command: Command): Command {
  return command
    .option("--description <text>", "what it is for")
    .option("--method <method>", "default, profile, keys, instance or web-identity")
    .option("--region <region>", "AWS region")
    .option("--service-name <name>", "SigV4 service name (monitoring)")
    .option("--access-key-id <id>", "method keys: access key ID")
    .option(
      "--secret-access-key-file <path>",
      "method keys: file with the secret access key, - for standard input",
    )
    .option("--secret-from-env <name>", "method keys: environment variable with the secret access key")
    .option("--session-token-file <path>", "method keys: file with the session token, - for standard input")
    .option("--session-token-from-env <name>", "method keys: environment variable with the session token")
    .option("--profile <name>", "method profile: name in the server's shared credentials file")
    .option("--instance-source <source>", "method instance: ec2 or container")
    .option("--web-identity-role-arn <arn>", "method web-identity: role")
    .option("--web-identity-token-file <path>", "method web-identity: token file on the server")
    .option("--role-arn <arn>", "role to assume; repeat for a chain", collect)
    .option("--external-id <id>", "external ID that this server made, as by role-setup (a new one)")
    .option("--owner-external-id <id>", "external ID that the role's owner gave")
    .option("--no-external-id", "the roles have no external ID")
    .option("--endpoint <service=url>", "own endpoint of a service, or default=url; repeatable", collect)
    .option("--fips", "use FIPS endpoints")
    .option("--dualstack", "use dual-stack endpoints")
    .option("--emulator-compatible", "speak the query protocol to CloudWatch")
    .option("--session-token-header <form>", "standard or with-x-amz-access-token")
    .option("--proxy-url <url>", "HTTP proxy; `environment` takes the server's HTTPS_PROXY")
    .option("--proxy-username <name>", "user of the proxy")
    .option("--proxy-password-file <path>", "file with the proxy's password, - for standard input")
    .option("--ca-bundle-file <path>", "PEM certificates to trust in addition")
    .option("--tag <name=value>", "tag; repeatable", collect);
}

/** The request body that the flags stand for; what was not given is absent. Asks for the secret key when `askForSecret` and nothing names it. */
export async function buildCredentialFields(
  options: CredentialFieldOptions,
  terminal: Terminal,
  askForSecret: boolean,
): Promise<Record<string, unknown>> {
  const question = askForSecret ? { question: `Secret access key of ${options.accessKeyId}: ` } : {};
  const { name, description, method, region, serviceName, accessKeyId, profile, instanceSource } = options;
  return withoutAbsent({
    name,
    description,
    method,
    region,
    serviceName,
    accessKeyId,
    secretAccessKey: await readSecret(
      withoutAbsent({
        file: options.secretAccessKeyFile,
        fromEnvironment: options.secretFromEnv,
        ...question,
      }),
      terminal,
    ),
    sessionToken: await readSecret(
      withoutAbsent({ file: options.sessionTokenFile, fromEnvironment: options.sessionTokenFromEnv }),
      terminal,
    ),
    profile,
    instanceSource,
    webIdentityRoleArn: options.webIdentityRoleArn,
    webIdentityTokenFile: options.webIdentityTokenFile,
    roleChain: buildRoleChain(options),
    endpoints: options.endpoint === undefined ? undefined : parsePairs(options.endpoint, "--endpoint"),
    useFipsEndpoint: options.fips,
    useDualstackEndpoint: options.dualstack,
    emulatorCompatible: options.emulatorCompatible,
    sessionTokenHeader: options.sessionTokenHeader,
    proxy: await buildProxy(options, terminal),
    caBundle:
      options.caBundleFile === undefined ? undefined : await readFileOrInput(options.caBundleFile, terminal),
    tags: options.tag === undefined ? undefined : parsePairs(options.tag, "--tag"),
  });
}

function buildRoleChain(options: CredentialFieldOptions): unknown[] | undefined {
  const { roleArn, externalId, ownerExternalId } = options;
  const made = typeof externalId === "string" ? externalId : undefined;
  if ((externalId === false || made !== undefined) && ownerExternalId !== undefined)
    throw usageError("An external ID is made here, given by the role's owner, or absent: one of the three.");
  const given = made ?? ownerExternalId;
  if (roleArn === undefined) {
    if (given !== undefined) throw usageError("An external ID belongs to a role: give --role-arn as well.");
    return undefined;
  }
  if (externalId === false) return roleArn.map((arn) => ({ roleArn: arn, externalIdSource: "none" }));
  if (given === undefined) return roleArn.map((arn) => ({ roleArn: arn, externalIdSource: "generated" }));
  const source = made === undefined ? "owner" : "generated";
  // In a chain the external ID guards the first hop into the other account.
  return roleArn.map((arn, index) =>
    index === 0
      ? { roleArn: arn, externalIdSource: source, externalId: given }
      : { roleArn: arn, externalIdSource: "none" },
  );
}

async function buildProxy(options: CredentialFieldOptions, terminal: Terminal): Promise<unknown> {
  const { proxyUrl, proxyUsername, proxyPasswordFile } = options;
  if (proxyUrl === undefined) {
    if (proxyUsername !== undefined || proxyPasswordFile !== undefined)
      throw usageError("Give --proxy-url as well.");
    return undefined;
  }
  if (proxyUrl === "environment" || proxyUrl === "none") return { type: proxyUrl };
  const password = await readSecret(withoutAbsent({ file: proxyPasswordFile }), terminal);
  return withoutAbsent({ type: "url", url: proxyUrl, username: proxyUsername, password });
}
