import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  MetricDataQuery,
  MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { ProtocolError } from "../../src/protocols/index.ts";
import { type Dimension, hasSlots, type SimulatedMetric, slotsBetween } from "../signals/metric.ts";
import { parseStatistic } from "../signals/statistics.ts";
import { type Times, timesKey, timesOf } from "./metric-data-json.ts";
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
    // The text of a large question takes a while, and most answers have one page.
    const scope = () => JSON.stringify(question);
    const start = token ? decodeToken(token, scope(), "InvalidParameterValue") : 0;
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
  scope: () => string,
): Omit<GetMetricDataCommandOutput, "$metadata"> {
  const end = start + (input.MaxDatapoints ?? pointsPerPageMax);
  const timesFor = createTimetable(input, context);
  let withheld = false;
  const results: MetricDataResult[] = [];
  let position = 0;
  for (const query of queries) {
    if (query.ReturnData === false) continue;
    const metric = findMetric(query, context);
    const all = metric ? timesFor(metric, periodOf(query)) : noTimes;
    const count = all.atMs.length;
    const from = Math.min(Math.max(start - position, 0), count);
    const to = Math.min(Math.max(end - position, 0), count);
    const spoiled = spoiledBy(context);
    const times = partOf(all, from, readableTo(from, to, spoiled));
    withheld ||= spoiled === "PartialData";
    results.push({
      Id: query.Id,
      Label: query.Label ?? query.MetricStat?.Metric?.MetricName,
      get Timestamps() {
        return times.atMs.map((at) => new Date(at));
      },
      Values: metric ? valuesOf(metric, query, times.atMs, context) : [],
      StatusCode: spoiled ?? (to === count ? "Complete" : "PartialData"),
      [timesKey]: times,
    } as MetricDataResult);
    position += count;
  }
  return {
    MetricDataResults: results,
    Messages: withheld
      ? [{ Code: "PartialData", Value: "Some of the requested data could not be read. Try again later." }]
      : [],
    NextToken: end < position ? encodeToken(end, scope()) : undefined,
  };
}

const noTimes = timesOf([]);

function partOf(times: Times, from: number, to: number): Times {
  return from === 0 && to === times.atMs.length ? times : timesOf(times.atMs.slice(from, to));
}

/**
 * Where metrics have points, in the order asked for. Cheap, so that a page pays for its own values only; metrics that are
 * alike in what decides about it share the answer.
 */
function createTimetable(input: GetMetricDataCommandInput, context: CallContext) {
  const boundaries = new Map<number, readonly number[]>();
  const shared = new Map<string, Times>();
  const boundariesFor = (periodMs: number): readonly number[] => {
    const known = boundaries.get(periodMs);
    if (known) return known;
    const made = boundariesOf({
      startMs: input.StartTime?.getTime() ?? 0,
      endMs: input.EndTime?.getTime() ?? 0,
      periodMs,
      nowMs: context.nowMs,
    });
    if (input.ScanBy !== "TimestampAscending") made.reverse();
    boundaries.set(periodMs, made);
    return made;
  };
  const compute = (metric: SimulatedMetric, periodMs: number): Times => {
    const all = boundariesFor(periodMs);
    const found = all.filter((atMs) => hasSlots(metric, atMs, periodMs, context.nowMs, context.late));
    return timesOf(found);
  };
  return (metric: SimulatedMetric, periodMs: number): Times => {
    if (context.late) return compute(metric, periodMs);
    const { fromMs, lagSeconds, periodSeconds, untilMs } = metric;
    const key = `${periodMs} ${periodSeconds} ${lagSeconds} ${fromMs} ${untilMs}`;
    const known = shared.get(key) ?? compute(metric, periodMs);
    shared.set(key, known);
    return known;
  };
}

/** The status of a result that the call's fault spoils; the other results of the call are as ever. */
function spoiledBy({ fault }: CallContext): "PartialData" | "InternalError" | undefined {
  if (fault?.kind === "partial-data") return fault.hitsResult() ? "PartialData" : undefined;
  if (fault?.kind === "internal-error") return fault.hitsResult() ? "InternalError" : undefined;
  return undefined;
}

/** A query that ran out of time has read the first half of what it scans; one that failed, nothing. */
function readableTo(from: number, to: number, spoiled: ReturnType<typeof spoiledBy>): number {
  if (spoiled === "InternalError") return from;
  return spoiled ? from + Math.ceil((to - from) / 2) : to;
}

function valuesOf(
  metric: SimulatedMetric,
  query: MetricDataQuery,
  times: readonly number[],
  { late, nowMs }: CallContext,
): number[] {
  const statistic = parseStatistic(query.MetricStat?.Stat ?? "");
  const periodMs = periodOf(query);
  return times.map((atMs) => {
    const { slots, weight } = slotsBetween(metric, atMs, periodMs, nowMs, late);
    return statistic?.(slots, weight) ?? 0;
  });
}

function periodOf(query: MetricDataQuery): number {
  return (query.MetricStat?.Period ?? 60) * 1000;
}

function findMetric(query: MetricDataQuery, context: CallContext): SimulatedMetric | undefined {
  const { Metric: asked, Unit: unit } = query.MetricStat ?? {};
  // The members that the model requires are there, or the request would have been refused.
  const dimensions = (asked?.Dimensions ?? []) as readonly Dimension[];
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
