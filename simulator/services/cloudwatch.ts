import type {
  DescribeAlarmsCommandOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsCommandOutput,
  ListMetricsCommandInput,
  ListMetricsCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { ProtocolError } from "../../src/protocols/index.ts";
import { dayMs } from "../signals/behaviour.ts";
import { type SimulatedMetric, slotsBetween } from "../signals/metric.ts";
import { parseStatistic } from "../signals/statistics.ts";
import { getMetricData } from "./get-metric-data.ts";
import { boundariesOf } from "./metric-periods.ts";
import { paginate } from "./paging.ts";
import { accountOf, type CallContext, handler, type SimulatedService } from "./service.ts";

const listPageSize = 500;
const statisticsPointsMax = 1_440;
/** A metric without a point for two weeks is no longer listed. */
const listedForMs = 14 * dayMs;
const recentlyActiveMs = 3 * 3_600_000;

export const cloudwatch: SimulatedService = {
  handlers: {
    ListMetrics: handler<ListMetricsCommandInput, ListMetricsCommandOutput>((input, context) => {
      const { metrics } = context.world.catalogue(accountOf(context), context.region);
      const windowMs = input.RecentlyActive === "PT3H" ? recentlyActiveMs : listedForMs;
      if (input.RecentlyActive !== undefined && input.RecentlyActive !== "PT3H")
        throw new ProtocolError(
          "InvalidParameterValue",
          "The value for parameter RecentlyActive must be PT3H.",
        );
      const found = metrics.filter(
        (metric) =>
          fitsFilters(metric, input) && hasDataSince(metric, context.nowMs - windowMs, context.nowMs),
      );
      const { NextToken: token, ...filters } = input;
      const page = paginate(found, {
        token,
        pageSize: listPageSize,
        scope: JSON.stringify(filters),
        invalidTokenCode: "InvalidParameterValue",
      });
      return {
        Metrics: page.items.map(({ namespace, name, dimensions }) => ({
          Namespace: namespace,
          MetricName: name,
          Dimensions: dimensions.map((dimension) => ({ ...dimension })),
        })),
        NextToken: page.nextToken,
      };
    }),

    GetMetricData: getMetricData,

    GetMetricStatistics: handler<GetMetricStatisticsCommandInput, GetMetricStatisticsCommandOutput>(
      (input, context) => {
        checkStatisticsInput(input);
        const metric = context.world
          .catalogue(accountOf(context), context.region)
          .find(input.Namespace ?? "", input.MetricName ?? "", dimensionsOf(input.Dimensions));
        const boundaries = boundariesOf({
          startMs: input.StartTime?.getTime() ?? 0,
          endMs: input.EndTime?.getTime() ?? 0,
          periodMs: periodOf(input),
          nowMs: context.nowMs,
        });
        if (boundaries.length > statisticsPointsMax)
          throw new ProtocolError(
            "InvalidParameterCombination",
            `You have requested up to ${boundaries.length} datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
          );
        const readable =
          metric && (input.Unit === undefined || input.Unit === metric.unit) ? metric : undefined;
        return {
          Label: input.MetricName,
          Datapoints: readable ? boundaries.flatMap((atMs) => datapoint(readable, input, atMs, context)) : [],
        };
      },
    ),

    DescribeAlarms: handler<object, DescribeAlarmsCommandOutput>(() => ({
      CompositeAlarms: [],
      MetricAlarms: [],
    })),
  },
};

function fitsFilters(metric: SimulatedMetric, input: ListMetricsCommandInput): boolean {
  return (
    (input.Namespace === undefined || input.Namespace === metric.namespace) &&
    (input.MetricName === undefined || input.MetricName === metric.name) &&
    (input.Dimensions ?? []).every((filter) =>
      metric.dimensions.some(
        ({ Name, Value }) => Name === filter.Name && (filter.Value === undefined || filter.Value === Value),
      ),
    )
  );
}

/** Whether the start of the newest published period lies in the window. */
function hasDataSince(metric: SimulatedMetric, sinceMs: number, nowMs: number): boolean {
  const naturalMs = metric.periodSeconds * 1000;
  const published = Math.min(nowMs - metric.lagSeconds * 1000, metric.untilMs);
  return Math.floor(published / naturalMs) * naturalMs - naturalMs >= sinceMs;
}

function checkStatisticsInput(input: GetMetricStatisticsCommandInput): void {
  const period = input.Period ?? 0;
  if (!(input.StartTime && input.EndTime && input.StartTime < input.EndTime))
    throw new ProtocolError(
      "InvalidParameterValue",
      "The parameter StartTime must be less than the parameter EndTime.",
    );
  if (period < 60 ? ![1, 5, 10, 20, 30].includes(period) : period % 60 !== 0)
    throw new ProtocolError(
      "InvalidParameterValue",
      "The parameter Period must be greater than or equal to 60 and a multiple of 60.",
    );
  if (!input.Statistics?.length && !input.ExtendedStatistics?.length)
    throw new ProtocolError(
      "MissingParameter",
      "The parameter Statistics or ExtendedStatistics must be specified.",
    );
  for (const name of [...(input.Statistics ?? []), ...(input.ExtendedStatistics ?? [])])
    if (!parseStatistic(name))
      throw new ProtocolError(
        "InvalidParameterValue",
        `The value ${name} for parameter Statistics is not supported.`,
      );
}

function periodOf(input: GetMetricStatisticsCommandInput): number {
  return (input.Period ?? 60) * 1000;
}

function dimensionsOf(
  dimensions: readonly { Name?: string | undefined; Value?: string | undefined }[] | undefined,
): { Name: string; Value: string }[] {
  return (dimensions ?? []).map(({ Name = "", Value = "" }) => ({ Name, Value }));
}

function datapoint(
  metric: SimulatedMetric,
  input: GetMetricStatisticsCommandInput,
  atMs: number,
  { late, nowMs }: CallContext,
): NonNullable<GetMetricStatisticsCommandOutput["Datapoints"]> {
  const { slots, weight } = slotsBetween(metric, atMs, periodOf(input), nowMs, late);
  if (slots.length === 0) return [];
  const statisticOf = (name: string) => parseStatistic(name)?.(slots, weight) ?? 0;
  return [
    {
      Timestamp: new Date(atMs),
      Unit: metric.unit as "Count",
      ...Object.fromEntries((input.Statistics ?? []).map((name) => [name, statisticOf(name)])),
      ...(input.ExtendedStatistics?.length
        ? {
            ExtendedStatistics: Object.fromEntries(
              input.ExtendedStatistics.map((name) => [name, statisticOf(name)]),
            ),
          }
        : {}),
    },
  ];
}
