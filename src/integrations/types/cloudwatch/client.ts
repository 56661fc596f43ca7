import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
} from "@aws-sdk/client-cloudwatch";
import { ListAccountAliasesCommand } from "@aws-sdk/client-iam";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import type { AwsSession } from "../../connection.ts";

/** The calls a CLOUDWATCH integration makes, in our own words. Nothing else of this type knows the SDK. */
export interface CloudWatchClients {
  listMetrics(input: { namespace?: string; nextToken?: string }, signal: AbortSignal): Promise<MetricsPage>;
  getMetricData(input: MetricDataInput, signal: AbortSignal): Promise<MetricDataPage>;
  /** The unit of a metric's points in this period; undefined when there are none. */
  getUnit(input: UnitInput, signal: AbortSignal): Promise<string | undefined>;
  listResourceTags(
    input: { resourceType: "ec2:instance" | "ec2:volume"; nextToken?: string },
    signal: AbortSignal,
  ): Promise<ResourceTagsPage>;
  listAccountAliases(signal: AbortSignal): Promise<readonly string[]>;
}

export interface ListedMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** The account that owns the metric, where that is another one than the one that is asked. */
  readonly accountId?: string | undefined;
}

export interface MetricsPage {
  readonly metrics: readonly ListedMetric[];
  readonly nextToken?: string | undefined;
}

export interface MetricQuery {
  readonly id: string;
  readonly metric: ListedMetric;
  readonly statistic: string;
  readonly periodSeconds: number;
}

export interface MetricDataInput {
  readonly queries: readonly MetricQuery[];
  /** Epoch milliseconds; `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly nextToken?: string | undefined;
}

export interface UnitInput {
  readonly metric: ListedMetric;
  /** Start of the period, epoch milliseconds. */
  readonly at: number;
  readonly periodSeconds: number;
}

export interface MetricDataPage {
  readonly results: readonly MetricDataResult[];
  readonly messages: readonly { readonly code: string; readonly value: string }[];
  readonly nextToken?: string | undefined;
}

export interface MetricDataResult {
  readonly id: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly status: string;
  readonly messages: readonly { readonly code: string; readonly value: string }[];
}

export interface ResourceTagsPage {
  readonly resources: readonly { readonly id: string; readonly tags: Readonly<Record<string, string>> }[];
  readonly nextToken?: string | undefined;
}

/** Which metrics of other accounts are listed along with those of the asking one. */
export interface LinkedAccounts {
  /** The asking account. */
  readonly accountId: string;
  wants(owner: string): boolean;
}

export function createCloudWatchClients(
  session: AwsSession,
  region: string,
  linked?: LinkedAccounts,
): CloudWatchClients {
  const metrics = session.client("monitoring", region);
  return {
    listMetrics: async ({ namespace, nextToken }, signal) => {
      const command = new ListMetricsCommand({
        Namespace: namespace,
        NextToken: nextToken,
        IncludeLinkedAccounts: linked && true,
      });
      const answer = await metrics.send(command, { abortSignal: signal });
      const listed = (answer.Metrics ?? []).map((metric, index) => ({
        namespace: metric.Namespace ?? "",
        metricName: metric.MetricName ?? "",
        dimensions: pairs(metric.Dimensions ?? [], "Name"),
        ...ownerOf(answer.OwningAccounts?.[index], linked),
      }));
      return {
        metrics: linked ? listed.filter((metric) => isWanted(metric, linked)) : listed,
        nextToken: answer.NextToken,
      };
    },
    getMetricData: async (input, signal) => {
      const answer = await metrics.send(new GetMetricDataCommand(toMetricDataRequest(input)), {
        abortSignal: signal,
      });
      return {
        results: (answer.MetricDataResults ?? []).map((result) => ({
          id: result.Id ?? "",
          times: (result.Timestamps ?? []).map((time) => time.getTime()),
          values: result.Values ?? [],
          status: result.StatusCode ?? "Complete",
          messages: messagesOf(result.Messages),
        })),
        messages: messagesOf(answer.Messages),
        nextToken: answer.NextToken,
      };
    },
    getUnit: async ({ metric, at, periodSeconds }, signal) => {
      const command = new GetMetricStatisticsCommand({
        ...toMetric(metric),
        StartTime: new Date(at),
        EndTime: new Date(at + periodSeconds * 1000),
        Period: periodSeconds,
        Statistics: ["SampleCount"],
      });
      const answer = await metrics.send(command, { abortSignal: signal });
      return answer.Datapoints?.find(({ Unit }) => Unit !== undefined)?.Unit;
    },
    listResourceTags: async ({ resourceType, nextToken }, signal) => {
      const tagging = session.client("tagging", region);
      const command = new GetResourcesCommand({
        ResourceTypeFilters: [resourceType],
        PaginationToken: nextToken,
        ResourcesPerPage: 100,
      });
      const answer = await tagging.send(command, { abortSignal: signal });
      return {
        resources: (answer.ResourceTagMappingList ?? []).map((resource) => ({
          id: resource.ResourceARN?.split("/").at(-1) ?? "",
          tags: pairs(resource.Tags ?? [], "Key"),
        })),
        nextToken: answer.PaginationToken,
      };
    },
    listAccountAliases: async (signal) => {
      const iam = session.client("iam");
      const answer = await iam.send(new ListAccountAliasesCommand({}), { abortSignal: signal });
      return answer.AccountAliases ?? [];
    },
  };
}

function ownerOf(owner: string | undefined, linked: LinkedAccounts | undefined): { accountId?: string } {
  return owner === undefined || owner === linked?.accountId ? {} : { accountId: owner };
}

function isWanted({ accountId }: ListedMetric, linked: LinkedAccounts): boolean {
  return accountId === undefined || linked.wants(accountId);
}

function toMetricDataRequest(input: MetricDataInput) {
  return {
    StartTime: new Date(input.from),
    EndTime: new Date(input.to),
    ScanBy: "TimestampAscending" as const,
    NextToken: input.nextToken,
    MetricDataQueries: input.queries.map((query) => ({
      Id: query.id,
      AccountId: query.metric.accountId,
      MetricStat: {
        Metric: toMetric(query.metric),
        Period: query.periodSeconds,
        Stat: query.statistic,
      },
    })),
  };
}

function toMetric({ namespace, metricName, dimensions }: ListedMetric) {
  return {
    Namespace: namespace,
    MetricName: metricName,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}

function pairs<K extends "Name" | "Key">(
  list: readonly ({ Value?: string | undefined } & { [key in K]?: string | undefined })[],
  key: K,
): Record<string, string> {
  return Object.fromEntries(list.map((pair) => [pair[key] ?? "", pair.Value ?? ""]));
}

function messagesOf(
  messages: readonly { Code?: string | undefined; Value?: string | undefined }[] | undefined,
) {
  return (messages ?? []).map(({ Code, Value }) => ({ code: Code ?? "", value: Value ?? "" }));
}
