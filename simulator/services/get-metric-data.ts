import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  MetricDataQuery,
  MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { ProtocolError } from "../../src/protocols/index.ts";
import { type SimulatedMetric, slotsBetween } from "../signals/metric.ts";
import { parseStatistic } from "../signals/statistics.ts";
import { boundariesOf } from "./metric-periods.ts";
import { decodeToken, encodeToken } from "./paging.ts";
import { accountOf, type CallContext, handler } from "./service.ts";

const queriesMax = 500;
const pointsPerPageMax = 100_800;

export const getMetricData = handler<GetMetricDataCommandInput, GetMetricDataCommandOutput>(
  (input, context) => {
    const queries = input.MetricDataQueries ?? [];
    checkInput(input, queries);
    const { NextToken: token, ...question } = input;
    const scope = JSON.stringify(question);
    const start = token ? decodeToken(token, scope, "InvalidParameterValue") : 0;
    context.calls.bill(queries.length);
    return answer(queries, input, context, start, scope);
  },
);

type Point = readonly [atMs: number, value: number];

/**
 * One page: the points numbered `start` and up to MaxDatapoints more, counted through all queries in their order.
 * A query that goes on in the next page is PartialData, one that is through is Complete.
 */
function answer(
  queries: readonly MetricDataQuery[],
  input: GetMetricDataCommandInput,
  context: CallContext,
  start: number,
  scope: string,
): Omit<GetMetricDataCommandOutput, "$metadata"> {
  const end = start + (input.MaxDatapoints ?? pointsPerPageMax);
  const results: MetricDataResult[] = [];
  let position = 0;
  for (const query of queries) {
    if (query.ReturnData === false) continue;
    // Every query is computed on every page: the simulator keeps nothing between two calls.
    const points = pointsOf(query, input, context);
    const from = Math.min(Math.max(start - position, 0), points.length);
    const to = Math.min(Math.max(end - position, 0), points.length);
    results.push(
      toResult(query, points.slice(from, to), to === points.length && context.fault !== "partial-data"),
    );
    position += points.length;
  }
  return {
    MetricDataResults: results,
    Messages:
      context.fault === "partial-data"
        ? [{ Code: "PartialData", Value: "Some of the requested data could not be read. Try again later." }]
        : [],
    NextToken: end < position ? encodeToken(end, scope) : undefined,
  };
}

function toResult(query: MetricDataQuery, points: readonly Point[], complete: boolean): MetricDataResult {
  return {
    Id: query.Id,
    Label: query.Label ?? query.MetricStat?.Metric?.MetricName,
    Timestamps: points.map(([atMs]) => new Date(atMs)),
    Values: points.map(([, value]) => value),
    StatusCode: complete ? "Complete" : "PartialData",
  };
}

function pointsOf(query: MetricDataQuery, input: GetMetricDataCommandInput, context: CallContext): Point[] {
  const stat = query.MetricStat;
  const statistic = parseStatistic(stat?.Stat ?? "");
  const metric = findMetric(query, context);
  if (!metric || !statistic) return [];
  const periodMs = (stat?.Period ?? 60) * 1000;
  const boundaries = boundariesOf({
    startMs: input.StartTime?.getTime() ?? 0,
    endMs: input.EndTime?.getTime() ?? 0,
    periodMs,
    nowMs: context.nowMs,
  });
  const points: Point[] = [];
  for (const atMs of boundaries) {
    const { slots, weight } = slotsBetween(metric, atMs, periodMs, context.nowMs);
    const value = statistic(slots, weight);
    if (value !== undefined) points.push([atMs, value]);
  }
  const ordered = input.ScanBy === "TimestampAscending" ? points : points.reverse();
  // A fault that withholds data withholds the older half, as a query that ran out of time does.
  return context.fault === "partial-data" ? ordered.slice(0, Math.ceil(ordered.length / 2)) : ordered;
}

function findMetric(query: MetricDataQuery, context: CallContext): SimulatedMetric | undefined {
  const { Metric: asked, Unit: unit } = query.MetricStat ?? {};
  const dimensions = (asked?.Dimensions ?? []).map(({ Name = "", Value = "" }) => ({ Name, Value }));
  const metric = context.world
    .catalogue(accountOf(context), context.region)
    .find(asked?.Namespace ?? "", asked?.MetricName ?? "", dimensions);
  return unit === undefined || unit === metric?.unit ? metric : undefined;
}

function checkInput(input: GetMetricDataCommandInput, queries: readonly MetricDataQuery[]): void {
  if (queries.length === 0) throw invalid("The parameter MetricDataQueries must not be empty.");
  if (queries.length > queriesMax)
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${queriesMax}.`);
  if (!(input.StartTime && input.EndTime && input.StartTime < input.EndTime))
    throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  const max = input.MaxDatapoints;
  if (max !== undefined && (max < 1 || max > pointsPerPageMax))
    throw invalid(`The value ${max} for parameter MaxDatapoints must be between 1 and ${pointsPerPageMax}.`);
  const ids = new Set<string>();
  for (const [index, query] of queries.entries()) {
    const id = query.Id ?? "";
    if (!/^[a-z][A-Za-z0-9_]{0,254}$/.test(id))
      throw invalid(`The value ${id} for parameter MetricDataQueries.member.${index + 1}.Id is not valid.`);
    if (ids.has(id)) throw invalid(`The values for parameter id in MetricDataQueries are not unique: ${id}.`);
    ids.add(id);
    checkQuery(query, `MetricDataQueries.member.${index + 1}`);
  }
}

function checkQuery(query: MetricDataQuery, path: string): void {
  const stat = query.MetricStat;
  if ((stat === undefined) === (query.Expression === undefined))
    throw invalid(`Exactly one of MetricStat and Expression must be given at ${path}.`);
  if (!stat) throw invalid(`Error in expression '${query.Id}': the simulator evaluates no expressions.`);
  if (!parseStatistic(stat.Stat ?? ""))
    throw invalid(`The value ${stat.Stat} for parameter ${path}.MetricStat.Stat is not a valid statistic.`);
  const period = stat.Period ?? 0;
  if (period < 60 ? ![1, 5, 10, 20, 30].includes(period) : period % 60 !== 0)
    throw invalid(`The parameter ${path}.MetricStat.Period must be 1, 5, 10, 20, 30, or a multiple of 60.`);
}

function invalid(message: string): ProtocolError {
  return new ProtocolError("ValidationError", message);
}
