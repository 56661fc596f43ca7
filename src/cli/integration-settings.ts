import type { Command } from "commander";
import type { Api } from "./api.ts";
import { usageError } from "./cli-error.ts";
import { findCredential } from "./find-credential.ts";
import { parseInteger, parsePairs, parseUsd, withoutAbsent } from "./parse.ts";
import { collect } from "./verb.ts";

/** What the commands that describe an integration take. */
export interface IntegrationSettings {
  credential?: string;
  roleArn?: string;
  externalId?: string;
  region?: string[];
  namespace?: string[];
  statistic?: string[];
  period?: string;
  every?: string;
  metricFilter?: string;
  monthlyCap?: string;
  tag?: string[];
  account?: string[];
  organizationRole?: string;
  organizationalUnit?: string[];
  excludeAccount?: string[];
  linkedAccounts?: boolean;
}

export function addIntegrationSettings(command: Command): Command {
  return command
    .option("--credential <credential>", "stored credential, by name or id")
    .option("--role-arn <arn>", "role to assume in addition")
    .option("--external-id <id>", "external ID of that role, made by this server")
    .option("--region <region>", "region to collect; repeatable (that of the credential)", collect)
    .option("--namespace <name>", "namespace to collect, such as AWS/EC2; repeatable (all)", collect)
    .option(
      "--statistic <name>",
      "statistic to collect; repeatable (Average, Maximum, Minimum, SampleCount, Sum)",
      collect,
    )
    .option("--period <seconds>", "seconds between points (60)")
    .option("--every <minutes>", "minutes between runs (5)")
    .option("--metric-filter <regex>", "metrics to keep, by name")
    .option("--monthly-cap <dollars>", "US dollars that collection may cost in a month (no cap)")
    .option("--tag <name=value>", "tag added to every series; repeatable", collect)
    .option("--account <arn>", "role in a further account to collect; repeatable", collect)
    .option("--organization-role <name>", "collect all accounts of the organization that have this role")
    .option("--organizational-unit <id>", "only accounts below this unit; repeatable", collect)
    .option("--exclude-account <id>", "account of the organization to leave out; repeatable", collect)
    .option("--linked-accounts", "also metrics that other accounts share with the collected one");
}

/** The wire object of the options; what was not given is left out, so that the server's defaults hold. */
export async function toIntegrationInput(api: Api, options: IntegrationSettings) {
  const credentialId =
    options.credential === undefined ? undefined : (await findCredential(api, options.credential)).id;
  const role = withoutAbsent({ roleArn: options.roleArn, externalId: options.externalId });
  return withoutAbsent({
    service: "CLOUDWATCH",
    credentialId,
    cloudWatch: withoutAbsent({
      baseCredentials: Object.keys(role).length === 0 ? undefined : role,
      regions: options.region,
      namespaces: options.namespace,
      statistics: options.statistic,
      periodSeconds: options.period === undefined ? undefined : parseInteger(options.period, "--period"),
      metricFilterRegex: options.metricFilter,
      monthlyCapUsd:
        options.monthlyCap === undefined ? undefined : parseUsd(options.monthlyCap, "--monthly-cap"),
      accounts: options.account?.map((roleArn) => ({ roleArn })),
      organization: toOrganization(options),
      includeLinkedAccounts: options.linkedAccounts,
    }),
    serviceRefreshRateInMins:
      options.every === undefined ? undefined : parseInteger(options.every, "--every"),
    additionalTags: options.tag === undefined ? undefined : parsePairs(options.tag, "--tag"),
  });
}

function toOrganization({ organizationRole, organizationalUnit, excludeAccount }: IntegrationSettings) {
  if (organizationRole === undefined) {
    if (organizationalUnit === undefined && excludeAccount === undefined) return undefined;
    throw usageError("--organizational-unit and --exclude-account need --organization-role.");
  }
  return withoutAbsent({
    roleName: organizationRole,
    organizationalUnits: organizationalUnit,
    excludeAccounts: excludeAccount,
  });
}
