import type { FieldProblem } from "../../../contract/index.ts";
import { partitionOfRegion } from "../../../contract/index.ts";
import {
  type AccountSettings,
  type AccountsInput,
  type OrganizationInput,
  readAccountIds,
  readAccounts,
  readOrganization,
} from "../../accounts/settings.ts";
import type { Config, ConfigInput } from "../integration-type.ts";

/** The settings of a CLOUDWATCH integration as stored. The first five are always in answers. */
export interface CloudWatchConfig extends AccountSettings {
  readonly namespaces: readonly string[];
  readonly metricFilterRegex: string;
  readonly pointTagFilterRegex: string;
  readonly instanceSelectionTags: Readonly<Record<string, string>>;
  readonly volumeSelectionTags: Readonly<Record<string, string>>;
  readonly instanceSelectionTagsExpr?: string;
  readonly volumeSelectionTagsExpr?: string;
  readonly s3BucketNameFilterRegex?: string;
  readonly threadDistributionInMins?: number;
  readonly hostNameTags?: readonly string[];
  readonly regions?: readonly string[];
  readonly statistics?: readonly string[];
  readonly periodSeconds?: number;
  readonly monthlyCapUsd?: number;
  readonly includeLinkedAccounts?: boolean;
  /** Of the linked accounts only these; absent takes all. */
  readonly owningAccounts?: readonly string[];
}

export const defaultStatistics: readonly string[] = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"];
export const defaultPeriodSeconds = 60;

/** The stored JSON was written by `readCloudWatchConfig`, so its shape is known. */
export function asCloudWatchConfig(config: Config): CloudWatchConfig {
  return config as unknown as CloudWatchConfig;
}

/**
 * A sent configuration replaces the stored one: a key that is absent is cleared. Except for the keys that the Go client and
 * so Terraform cannot express: an update from there would wipe what was set elsewhere, so absent keeps, null or empty clears.
 */
export function readCloudWatchConfig(
  input: ConfigInput,
  stored: CloudWatchConfig | undefined,
  problems: FieldProblem[],
): CloudWatchConfig {
  const keep = <K extends keyof ConfigInput & keyof CloudWatchConfig>(key: K) =>
    input[key] === undefined ? stored?.[key] : input[key];
  return {
    namespaces: readNamespaces(input.namespaces ?? [], problems),
    metricFilterRegex: input.metricFilterRegex ?? "",
    pointTagFilterRegex: input.pointTagFilterRegex ?? "",
    instanceSelectionTags: input.instanceSelectionTags ?? {},
    volumeSelectionTags: input.volumeSelectionTags ?? {},
    ...present({
      instanceSelectionTagsExpr: readExpression(
        keep("instanceSelectionTagsExpr"),
        "instanceSelectionTagsExpr",
        problems,
      ),
      volumeSelectionTagsExpr: readExpression(
        keep("volumeSelectionTagsExpr"),
        "volumeSelectionTagsExpr",
        problems,
      ),
      s3BucketNameFilterRegex: keep("s3BucketNameFilterRegex"),
      threadDistributionInMins: readDistribution(keep("threadDistributionInMins"), problems),
      hostNameTags: keep("hostNameTags"),
      regions: readRegions(keep("regions"), problems),
      statistics: readStatistics(keep("statistics"), problems),
      periodSeconds: readPeriod(keep("periodSeconds"), problems),
      monthlyCapUsd: readCap(keep("monthlyCapUsd"), problems),
      accounts: readAccounts(keep("accounts") as AccountsInput, "cloudWatch", problems),
      organization: readOrganization(keep("organization") as OrganizationInput, "cloudWatch", problems),
      ...readLinked(keep("includeLinkedAccounts"), keep("owningAccounts"), problems),
    }),
  };
}

function readLinked(
  includeLinkedAccounts: boolean | null | undefined,
  owningAccounts: readonly string[] | null | undefined,
  problems: FieldProblem[],
) {
  if (!includeLinkedAccounts && owningAccounts?.length) {
    problems.push({
      path: "cloudWatch.owningAccounts",
      message: "Needs includeLinkedAccounts: it chooses among the linked accounts.",
    });
  }
  return {
    includeLinkedAccounts: includeLinkedAccounts || undefined,
    owningAccounts: readAccountIds(owningAccounts, "cloudWatch.owningAccounts", problems),
  };
}

function present<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  const kept = Object.entries(object).filter(
    ([, value]) =>
      value !== null && value !== undefined && value !== "" && value !== 0 && !isEmptyList(value),
  );
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], null | undefined> };
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Order and spelling are the caller's: Terraform compares them. */
function readNamespaces(namespaces: readonly string[], problems: FieldProblem[]): readonly string[] {
  for (const [index, namespace] of namespaces.entries()) {
    if (!/^[\x20-\x7e]+$/.test(namespace) || namespace.trim() === "") {
      problems.push({
        path: `cloudWatch.namespaces.${index}`,
        message: "A namespace is 1 to 255 printable ASCII characters.",
      });
    }
  }
  return namespaces;
}

function readExpression(
  expression: string | null | undefined,
  key: string,
  problems: FieldProblem[],
): string | null | undefined {
  for (const pair of (expression ?? "").split(",")) {
    if (pair.trim() !== "" && pair.indexOf("=") < 1) {
      problems.push({ path: `cloudWatch.${key}`, message: "Written as key=value, key=value." });
      break;
    }
  }
  return expression;
}

const distributionMinutesMax = 1440;

function readDistribution(
  minutes: number | null | undefined,
  problems: FieldProblem[],
): number | null | undefined {
  if (minutes && (minutes < 0 || minutes > distributionMinutesMax)) {
    problems.push({
      path: "cloudWatch.threadDistributionInMins",
      message: `From 1 to ${distributionMinutesMax} minutes; 0 spreads nothing.`,
    });
  }
  return minutes;
}

/** Regions become part of host names, so nothing but the shape of a region passes. */
function readRegions(
  regions: readonly string[] | null | undefined,
  problems: FieldProblem[],
): readonly string[] | null | undefined {
  for (const [index, region] of (regions ?? []).entries()) {
    if (partitionOfRegion(region) === undefined) {
      problems.push({
        path: `cloudWatch.regions.${index}`,
        message: "Not an AWS region name, such as us-east-1.",
      });
    }
  }
  return regions && [...new Set(regions)];
}

const extendedStatistic = /^(IQM|(p|tm|wm|tc|ts)\d{1,3}(\.\d{1,10})?|(TM|WM|PR|TC|TS)\([\d.%:]{1,40}\))$/;

function readStatistics(
  statistics: readonly string[] | null | undefined,
  problems: FieldProblem[],
): readonly string[] | null | undefined {
  const read = (statistics ?? []).map((statistic, index) => {
    const plain = defaultStatistics.find((known) => known.toLowerCase() === statistic.toLowerCase());
    if (plain === undefined && !extendedStatistic.test(statistic)) {
      problems.push({
        path: `cloudWatch.statistics.${index}`,
        message: `One of ${defaultStatistics.join(", ")}, or an extended statistic such as p99.`,
      });
    }
    return plain ?? statistic;
  });
  return statistics && [...new Set(read)];
}

function readPeriod(seconds: number | null | undefined, problems: FieldProblem[]): number | null | undefined {
  if (
    typeof seconds === "number" &&
    seconds !== 0 &&
    (seconds % 60 !== 0 || seconds < 60 || seconds > 86_400)
  ) {
    problems.push({ path: "cloudWatch.periodSeconds", message: "A multiple of 60, from 60 to 86,400." });
  }
  return seconds;
}

const capUsdMax = 1_000_000;

/** Less than a cent would not pay for a single full call. */
function readCap(usd: number | null | undefined, problems: FieldProblem[]): number | null | undefined {
  if (typeof usd === "number" && !(usd >= 0.01 && usd <= capUsdMax)) {
    problems.push({
      path: "cloudWatch.monthlyCapUsd",
      message: "US dollars, from 0.01 to 1,000,000; null for no cap.",
    });
  }
  return usd;
}
