import { mapOf as mapOfPairs, pairsOf } from "../../../ui/pairs.ts";
import {
  type AccountRole,
  type IntegrationFormValues,
  newIntegrationValues,
  newOrganization,
  type OrganizationValues,
} from "../form-values.ts";
import { type StepId, stepIds } from "./steps.ts";

/**
 * The wizard's address: the step, and every value that differs from the default, so that a link, a reload and the way
 * back show the same. External IDs are not in it: an address stands in histories and logs.
 */
export interface WizardSearch {
  step?: StepId;
  credential?: string;
  role?: string;
  regions?: string[];
  namespaces?: string[];
  metricFilter?: string;
  tagFilter?: string;
  bucketFilter?: string;
  instanceTags?: Record<string, string>;
  instanceExpression?: string;
  volumeTags?: Record<string, string>;
  volumeExpression?: string;
  statistics?: string[];
  period?: number;
  every?: number;
  cap?: number;
  accounts?: Omit<AccountRole, "externalId">[];
  organization?: Omit<OrganizationValues, "externalId">;
  linked?: true;
  owners?: string[];
  name?: string;
  tags?: Record<string, string>;
}

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const countOf = (value: unknown) => (typeof value === "number" && value > 0 ? value : undefined);

function textsOf(value: unknown): string[] | undefined {
  const texts = Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  return texts.length === 0 ? undefined : texts;
}

function mapOf(value: unknown): Record<string, string> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).filter(([, text]) => typeof text === "string");
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function accountsOf(value: unknown): WizardSearch["accounts"] {
  const accounts = Array.isArray(value) ? value.filter((item) => typeof item?.roleArn === "string") : [];
  if (accounts.length === 0) return undefined;
  return accounts.map(({ roleArn, name }) => ({ roleArn, name: textOf(name) ?? "" }));
}

function organizationOf(value: unknown): WizardSearch["organization"] {
  if (typeof value !== "object" || value === null) return undefined;
  const given = value as Record<string, unknown>;
  return {
    roleName: textOf(given.roleName) ?? "",
    managementRoleArn: textOf(given.managementRoleArn) ?? "",
    organizationalUnits: textsOf(given.organizationalUnits) ?? [],
    includeAccounts: textsOf(given.includeAccounts) ?? [],
    excludeAccounts: textsOf(given.excludeAccounts) ?? [],
  };
}

/** Reads an address that people may have edited: what does not fit is left out. */
export function wizardSearchOf(search: Record<string, unknown>): WizardSearch {
  const read: { [K in keyof WizardSearch]: WizardSearch[K] | undefined } = {
    step: stepIds.find((id) => id === search.step),
    credential: textOf(search.credential),
    role: textOf(search.role),
    regions: textsOf(search.regions),
    namespaces: textsOf(search.namespaces),
    metricFilter: textOf(search.metricFilter),
    tagFilter: textOf(search.tagFilter),
    bucketFilter: textOf(search.bucketFilter),
    instanceTags: mapOf(search.instanceTags),
    instanceExpression: textOf(search.instanceExpression),
    volumeTags: mapOf(search.volumeTags),
    volumeExpression: textOf(search.volumeExpression),
    statistics: textsOf(search.statistics),
    period: countOf(search.period),
    every: countOf(search.every),
    cap: countOf(search.cap),
    accounts: accountsOf(search.accounts),
    organization: organizationOf(search.organization),
    linked: search.linked === true ? true : undefined,
    owners: textsOf(search.owners),
    // A name or a tag of digits only is a number in an address.
    name: textOf(typeof search.name === "number" ? String(search.name) : search.name),
    tags: mapOf(search.tags),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as WizardSearch;
}

export function valuesOfSearch(search: WizardSearch, credentialId: string | null): IntegrationFormValues {
  const defaults = newIntegrationValues(search.credential ?? credentialId);
  return {
    ...defaults,
    identity: search.role === undefined ? defaults.identity : "role",
    roleArn: search.role ?? defaults.roleArn,
    regions: search.regions ?? defaults.regions,
    namespaces: search.namespaces ?? defaults.namespaces,
    metricFilterRegex: search.metricFilter ?? defaults.metricFilterRegex,
    pointTagFilterRegex: search.tagFilter ?? defaults.pointTagFilterRegex,
    s3BucketNameFilterRegex: search.bucketFilter ?? defaults.s3BucketNameFilterRegex,
    instanceSelectionTags: pairsOf(search.instanceTags ?? {}),
    instanceSelectionTagsExpr: search.instanceExpression ?? defaults.instanceSelectionTagsExpr,
    volumeSelectionTags: pairsOf(search.volumeTags ?? {}),
    volumeSelectionTagsExpr: search.volumeExpression ?? defaults.volumeSelectionTagsExpr,
    statistics: search.statistics ?? defaults.statistics,
    periodSeconds: search.period ?? defaults.periodSeconds,
    refreshMinutes: search.every ?? defaults.refreshMinutes,
    monthlyCapUsd: search.cap ?? defaults.monthlyCapUsd,
    accounts: (search.accounts ?? []).map((account) => ({ ...account, externalId: "" })),
    organization: search.organization === undefined ? null : { ...newOrganization, ...search.organization },
    includeLinkedAccounts: search.linked ?? false,
    owningAccounts: search.owners ?? [],
    name: search.name ?? defaults.name,
    tags: pairsOf(search.tags ?? {}),
  };
}

export function searchOfValues(step: StepId, values: IntegrationFormValues): WizardSearch {
  const defaults = newIntegrationValues(null);
  const every = Number(values.refreshMinutes);
  const period = values.periodSeconds;
  return wizardSearchOf({
    step: step === stepIds[0] ? undefined : step,
    credential: values.credentialId,
    role: values.identity === "role" ? values.roleArn : undefined,
    regions: values.regions,
    namespaces: values.namespaces,
    metricFilter: values.metricFilterRegex,
    tagFilter: values.pointTagFilterRegex,
    bucketFilter: values.s3BucketNameFilterRegex,
    instanceTags: mapOfPairs(values.instanceSelectionTags),
    instanceExpression: values.instanceSelectionTagsExpr,
    volumeTags: mapOfPairs(values.volumeSelectionTags),
    volumeExpression: values.volumeSelectionTagsExpr,
    statistics: values.statistics,
    period: period === defaults.periodSeconds ? undefined : period,
    every: every === defaults.refreshMinutes ? undefined : every,
    cap: Number(values.monthlyCapUsd),
    accounts: values.accounts,
    organization: values.organization,
    linked: values.includeLinkedAccounts,
    owners: values.owningAccounts,
    name: values.name,
    tags: mapOfPairs(values.tags),
  });
}
