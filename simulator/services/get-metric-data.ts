import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  MetricDataQuery,
  MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { ProtocolError } from "../../src/protocols/index.ts";
import { hasSlots, type SimulatedMetric, slotsBetween } from "../signals/metric.ts";
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
  let withheld = false;
  const results: MetricDataResult[] = [];
  let position = 0;
  for (const query of queries) {
    if (query.ReturnData === false) continue;
    const metric = findMetric(query, context);
    const timestamps = metric ? timestampsOf(metric, query, input, context) : [];
    const from = Math.min(Math.max(start - position, 0), timestamps.length);
    const to = Math.min(Math.max(end - position, 0), timestamps.length);
    const spoiled = spoiledBy(context);
    const shown = readableOf(timestamps.slice(from, to), spoiled);
    withheld ||= spoiled === "PartialData";
    results.push({
      Id: query.Id,
      Label: query.Label ?? query.MetricStat?.Metric?.MetricName,
      Timestamps: shown.map((atMs) => new Date(atMs)),
      Values: metric ? shown.map((atMs) => valueAt(metric, query, atMs, context)) : [],
      StatusCode: spoiled ?? (to === timestamps.length ? "Complete" : "PartialData"),
    });
    position += timestamps.length;
  }
  return {
    MetricDataResults: results,
    Messages: withheld
      ? [{ Code: "PartialData", Value: "Some of the requested data could not be read. Try again later." }]
      : [],
    NextToken: end < position ? encodeToken(end, scope) : undefined,
  };
}

/** Where the query has points, in the order asked for. Cheap, so that a page pays for its own values only. */
function timestampsOf(
  metric: SimulatedMetric,
  query: MetricDataQuery,
  input: GetMetricDataCommandInput,
  context: CallContext,
): number[] {
  const periodMs = periodOf(query);
  const timestamps = boundariesOf({
    startMs: input.StartTime?.getTime() ?? 0,
    endMs: input.EndTime?.getTime() ?? 0,
    periodMs,
    nowMs: context.nowMs,
  }).filter((atMs) => hasSlots(metric, atMs, periodMs, context.nowMs, context.late));
  return input.ScanBy === "TimestampAscending" ? timestamps : timestamps.reverse();
}

/** The status of a result that the call's fault spoils; the other results of the call are as ever. */
function spoiledBy({ fault }: CallContext): "PartialData" | "InternalError" | undefined {
  if (fault?.kind === "partial-data") return fault.hitsResult() ? "PartialData" : undefined;
  if (fault?.kind === "internal-error") return fault.hitsResult() ? "InternalError" : undefined;
  return undefined;
}

/** A query that ran out of time has read the first half of what it scans; one that failed, nothing. */
function readableOf(timestamps: readonly number[], spoiled: ReturnType<typeof spoiledBy>): readonly number[] {
  if (spoiled === "InternalError") return [];
  return spoiled ? timestamps.slice(0, Math.ceil(timestamps.length / 2)) : timestamps;
}

function valueAt(
  metric: SimulatedMetric,
  query: MetricDataQuery,
  atMs: number,
  { late, nowMs }: CallContext,
): number {
  const { slots, weight } = slotsBetween(metric, atMs, periodOf(query), nowMs, late);
  return parseStatistic(query.MetricStat?.Stat ?? "")?.(slots, weight) ?? 0;
}

function periodOf(query: MetricDataQuery): number {
  return (query.MetricStat?.Period ?? 60) * 1000;
}

function findMetric(query: MetricDataQuery, context: CallContext): SimulatedMetric | undefined {
  const { Metric: asked, Unit: unit } = query.MetricStat ?? {};
  const dimensions = (asked?.Dimensions ?? []).map(({ Name = "", Value = "" }) => ({ Name, Value }));
  const metric = context.world
    .catalogue(ownerOf(query, context), context.region)
    .find(asked?.Namespace ?? "", asked?.MetricName ?? "", dimensions);
  return unit === undefined || unit === metric?.unit ? metric : undefined;
}

/** The account that is asked for, if it is linked to the asking one. */
function ownerOf({ AccountId }: MetricDataQuery, context: CallContext): string {
  const self = accountOf(context);
  if (AccountId === undefined || AccountId === self) return self;
  if (context.accounts.linkedTo(self).includes(AccountId)) return AccountId;
  throw invalid(`The account ${AccountId} is not linked to the monitoring account ${self}.`);
}

function checkInput(input: GetMetricDataCommandInput, queries: readonly MetricDataQuery[]): void {
  if (queries.length === 0) throw invalid("The parameter MetricDataQueries must not be empty.");
  if (queries.length > queriesMax)
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${queriesMax}.`);
  if (!(input.StartTime && input.EndTime && input.StartTime < input.EndTime))
    throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  const max = input.MaxDatapoints;
  if (max !== undefined && !(Number.isInteger(max) && max >= 1 && max <= pointsPerPageMax))
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
