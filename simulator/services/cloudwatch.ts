import type {
  DescribeAlarmsCommandOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { ProtocolError } from "../../src/protocols/index.ts";
import { type SimulatedMetric, slotsBetween } from "../signals/metric.ts";
import { parseStatistic } from "../signals/statistics.ts";
import { getMetricData } from "./get-metric-data.ts";
import { listMetrics } from "./list-metrics.ts";
import { boundariesOf } from "./metric-periods.ts";
import { accountOf, type CallContext, handler, type SimulatedService } from "./service.ts";

const statisticsPointsMax = 1_440;

export const cloudwatch: SimulatedService = {
  handlers: {
    ListMetrics: listMetrics,
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
