import type { CloudIntegration, CloudIntegrationInput } from "@nephoscope/contract";
import { mapOf, type Pair, pairsOf } from "../../ui/pairs.ts";

/** A role in another account. */
export interface AccountRole {
  roleArn: string;
  name: string;
  externalId: string;
}

/** The accounts of an organization, each through a role of the same name. */
export interface OrganizationValues {
  roleName: string;
  externalId: string;
  managementRoleArn: string;
  organizationalUnits: string[];
  includeAccounts: string[];
  excludeAccounts: string[];
}

export const newOrganization: OrganizationValues = {
  roleName: "",
  externalId: "",
  managementRoleArn: "",
  organizationalUnits: [],
  includeAccounts: [],
  excludeAccounts: [],
};

export interface IntegrationFormValues {
  name: string;
  /** Collect as a stored credential, or assume a role that is named here. */
  identity: "credential" | "role";
  credentialId: string | null;
  roleArn: string;
  externalId: string;
  regions: string[];
  namespaces: string[];
  metricFilterRegex: string;
  pointTagFilterRegex: string;
  s3BucketNameFilterRegex: string;
  instanceSelectionTags: Pair[];
  instanceSelectionTagsExpr: string;
  volumeSelectionTags: Pair[];
  volumeSelectionTagsExpr: string;
  statistics: string[];
  periodSeconds: number;
  refreshMinutes: number | string;
  /** Dollars that a month may cost; empty for no cap. */
  monthlyCapUsd: number | string;
  accounts: AccountRole[];
  organization: OrganizationValues | null;
  includeLinkedAccounts: boolean;
  owningAccounts: string[];
  tags: Pair[];
  forceSave: boolean;
}

export function newIntegrationValues(credentialId: string | null): IntegrationFormValues {
  return {
    name: "",
    identity: "credential",
    credentialId,
    roleArn: "",
    externalId: "",
    regions: [],
    namespaces: [],
    metricFilterRegex: "",
    pointTagFilterRegex: "",
    s3BucketNameFilterRegex: "",
    instanceSelectionTags: [],
    instanceSelectionTagsExpr: "",
    volumeSelectionTags: [],
    volumeSelectionTagsExpr: "",
    statistics: [],
    periodSeconds: 60,
    refreshMinutes: 5,
    monthlyCapUsd: "",
    accounts: [],
    organization: null,
    includeLinkedAccounts: false,
    owningAccounts: [],
    tags: [],
    forceSave: false,
  };
}

export function valuesOfIntegration(integration: CloudIntegration): IntegrationFormValues {
  const configuration = integration.cloudWatch;
  return {
    ...newIntegrationValues(integration.credentialId ?? null),
    name: integration.name,
    identity: configuration?.baseCredentials.roleArn ? "role" : "credential",
    roleArn: configuration?.baseCredentials.roleArn ?? "",
    externalId: configuration?.baseCredentials.externalId ?? "",
    regions: configuration?.regions ?? [],
    namespaces: configuration?.namespaces ?? [],
    metricFilterRegex: configuration?.metricFilterRegex ?? "",
    pointTagFilterRegex: configuration?.pointTagFilterRegex ?? "",
    s3BucketNameFilterRegex: configuration?.s3BucketNameFilterRegex ?? "",
    instanceSelectionTags: pairsOf(configuration?.instanceSelectionTags ?? {}),
    instanceSelectionTagsExpr: configuration?.instanceSelectionTagsExpr ?? "",
    volumeSelectionTags: pairsOf(configuration?.volumeSelectionTags ?? {}),
    volumeSelectionTagsExpr: configuration?.volumeSelectionTagsExpr ?? "",
    statistics: configuration?.statistics ?? [],
    periodSeconds: configuration?.periodSeconds ?? 60,
    refreshMinutes: integration.serviceRefreshRateInMins,
    monthlyCapUsd: configuration?.monthlyCapUsd ?? "",
    accounts: (configuration?.accounts ?? []).map((account) => ({ name: "", externalId: "", ...account })),
    organization: configuration?.organization ? { ...newOrganization, ...configuration.organization } : null,
    includeLinkedAccounts: configuration?.includeLinkedAccounts ?? false,
    owningAccounts: configuration?.owningAccounts ?? [],
    tags: pairsOf(integration.additionalTags),
  };
}

/**
 * The form as the API takes it. A change replaces the whole configuration object, so what the form does not show is
 * carried over from the stored one.
 */
export function inputOfValues(
  values: IntegrationFormValues,
  stored: CloudIntegration | undefined,
): CloudIntegrationInput {
  return {
    name: values.name.trim(),
    service: "CLOUDWATCH",
    // A change that somebody else made since the form was opened is not to be overwritten unseen.
    ...(stored && { ifUpdatedEpochMillis: stored.updatedEpochMillis }),
    ...(values.credentialId === null ? {} : { credentialId: values.credentialId }),
    cloudWatch: {
      ...stored?.cloudWatch,
      baseCredentials:
        values.identity === "role"
          ? { roleArn: values.roleArn.trim(), externalId: values.externalId.trim() }
          : undefined,
      namespaces: values.namespaces,
      metricFilterRegex: values.metricFilterRegex,
      pointTagFilterRegex: values.pointTagFilterRegex,
      periodSeconds: values.periodSeconds,
      instanceSelectionTags: mapOf(values.instanceSelectionTags),
      volumeSelectionTags: mapOf(values.volumeSelectionTags),
      // What is absent stays as it was stored; null takes it away.
      regions: values.regions.length === 0 ? null : values.regions,
      statistics: values.statistics.length === 0 ? null : values.statistics,
      s3BucketNameFilterRegex: textOrNull(values.s3BucketNameFilterRegex),
      instanceSelectionTagsExpr: textOrNull(values.instanceSelectionTagsExpr),
      volumeSelectionTagsExpr: textOrNull(values.volumeSelectionTagsExpr),
      monthlyCapUsd: values.monthlyCapUsd === "" ? null : Number(values.monthlyCapUsd),
      ...accountsInputOf(values),
    },
    additionalTags: mapOf(values.tags),
    serviceRefreshRateInMins: Number(values.refreshMinutes),
    forceSave: values.forceSave,
  };
}

const textOrNull = (text: string) => (text.trim() === "" ? null : text);

function accountsInputOf(values: IntegrationFormValues) {
  const { accounts, organization, includeLinkedAccounts, owningAccounts } = values;
  return {
    accounts:
      accounts.length === 0
        ? null
        : accounts.map((account) => ({ ...said(account), roleArn: account.roleArn.trim() })),
    organization:
      organization === null ? null : { ...said(organization), roleName: organization.roleName.trim() },
    includeLinkedAccounts: includeLinkedAccounts ? true : null,
    owningAccounts: includeLinkedAccounts && owningAccounts.length > 0 ? owningAccounts : null,
  };
}

/** Without the fields that were left empty. */
function said<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, typeof value === "string" ? value.trim() : value])
      .filter(([, value]) => value.length > 0),
  ) as Partial<T>;
}

/** The stored settings with some of them replaced, by the names of the wire object. */
export function inputWithChange(
  stored: CloudIntegration,
  change: Record<string, unknown>,
): CloudIntegrationInput {
  const input = inputOfValues(valuesOfIntegration(stored), stored);
  const cloudWatch = typeof change.cloudWatch === "object" ? change.cloudWatch : {};
  return { ...input, ...change, cloudWatch: { ...input.cloudWatch, ...cloudWatch } };
}

/** Form errors by field. Regular expressions are compiled by the server, whose dialect is not the browser's. */
export function problemsOfValues(values: IntegrationFormValues): Record<string, string> {
  const problems: Record<string, string> = {};
  const minutes = Number(values.refreshMinutes);
  if (values.name.trim() === "") problems.name = "A name is needed.";
  if (values.name.trim().length > 255) problems.name = "At most 255 characters.";
  if (values.identity === "credential" && values.credentialId === null)
    problems.credentialId = "Choose a credential.";
  if (values.identity === "role" && !roleArnPattern.test(values.roleArn.trim()))
    problems.roleArn = "Not a role ARN, such as arn:aws:iam::123456789012:role/Name.";
  if (!Number.isInteger(minutes) || minutes < 1) problems.refreshMinutes = "Whole minutes, at least 1.";
  if (values.monthlyCapUsd !== "" && !(Number(values.monthlyCapUsd) > 0))
    problems.monthlyCapUsd = "More than 0 dollars, or empty for no cap.";
  return { ...problems, ...accountsProblemsOf(values) };
}

const roleArnPattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/;
const isAccountId = (text: string) => /^\d{12}$/.test(text);

function accountsProblemsOf(values: IntegrationFormValues): Record<string, string> {
  const problems: Record<string, string> = {};
  const { organization } = values;
  if (!values.accounts.every(({ roleArn }) => roleArnPattern.test(roleArn.trim())))
    problems.accounts = "Each needs a role ARN, such as arn:aws:iam::123456789012:role/Name.";
  if (organization !== null && organization.roleName.trim() === "")
    problems.organization = "The name of the role in each account is needed.";
  else if (
    ![...(organization?.includeAccounts ?? []), ...(organization?.excludeAccounts ?? [])].every(isAccountId)
  )
    problems.organization = "Account IDs have 12 digits.";
  if (!values.owningAccounts.every(isAccountId)) problems.owningAccounts = "Account IDs have 12 digits.";
  return problems;
}

const formFields: readonly [prefix: string, field: keyof IntegrationFormValues][] = [
  ["cloudWatch.baseCredentials.roleArn", "roleArn"],
  ["cloudWatch.baseCredentials.externalId", "externalId"],
  ["cloudWatch.baseCredentials", "roleArn"],
  ["baseCredentials", "roleArn"],
  ["cloudWatch.regions", "regions"],
  ["cloudWatch.namespaces", "namespaces"],
  ["cloudWatch.metricFilterRegex", "metricFilterRegex"],
  ["cloudWatch.pointTagFilterRegex", "pointTagFilterRegex"],
  ["cloudWatch.s3BucketNameFilterRegex", "s3BucketNameFilterRegex"],
  ["cloudWatch.instanceSelectionTagsExpr", "instanceSelectionTagsExpr"],
  ["cloudWatch.instanceSelectionTags", "instanceSelectionTags"],
  ["cloudWatch.volumeSelectionTagsExpr", "volumeSelectionTagsExpr"],
  ["cloudWatch.volumeSelectionTags", "volumeSelectionTags"],
  ["cloudWatch.statistics", "statistics"],
  ["cloudWatch.periodSeconds", "periodSeconds"],
  ["cloudWatch.monthlyCapUsd", "monthlyCapUsd"],
  ["cloudWatch.accounts", "accounts"],
  ["cloudWatch.organization", "organization"],
  ["cloudWatch.includeLinkedAccounts", "owningAccounts"],
  ["cloudWatch.owningAccounts", "owningAccounts"],
  ["serviceRefreshRateInMins", "refreshMinutes"],
  ["additionalTags", "tags"],
  ["credentialId", "credentialId"],
  ["name", "name"],
];

/** Paths of the wire object become names of form fields; what no field shows stays out. */
export function formErrorsOf(errors: Record<string, string>): Record<string, string> {
  const mapped: Record<string, string> = {};
  for (const [path, message] of Object.entries(errors)) {
    const field = formFields.find(([prefix]) => path === prefix || path.startsWith(`${prefix}.`))?.[1];
    if (field !== undefined) mapped[field] ??= message;
  }
  return mapped;
}
