import type { ListMetricsCommandInput, ListMetricsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { ProtocolError } from "../../src/protocols/index.ts";
import { dayMs } from "../signals/behaviour.ts";
import { unit } from "../signals/hash.ts";
import type { SimulatedMetric } from "../signals/metric.ts";
import { decodeToken, encodeToken } from "./paging.ts";
import { accountOf, type CallContext, handler } from "./service.ts";

const pageSize = 500;
/** A metric without a point for two weeks is no longer listed. */
const listedForMs = 14 * dayMs;
const recentlyActiveMs = 3 * 3_600_000;

/**
 * The token is a position among all metrics of the account, so that a page costs the same in an account of any size, and
 * what is born or dies between two pages shifts nothing.
 */
export const listMetrics = handler<ListMetricsCommandInput, ListMetricsCommandOutput>((input, context) => {
  if (input.RecentlyActive !== undefined && input.RecentlyActive !== "PT3H")
    throw new ProtocolError("InvalidParameterValue", "The value for parameter RecentlyActive must be PT3H.");
  const { NextToken: token, ...filters } = input;
  const scope = JSON.stringify(filters);
  const page: Owned[] = [];
  let next: number | undefined;
  const start = token ? decodeToken(token, scope, "InvalidParameterValue") : 0;
  for (const { at, owned } of ownedFrom(start, ownersOf(input, context), context)) {
    if (!fitsFilters(owned.metric, input) || !isListed(owned.metric, input, context)) continue;
    if (page.length === pageSize) {
      next = at;
      break;
    }
    page.push(owned);
  }
  return {
    Metrics: page.map(({ metric: { namespace, name, dimensions } }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensions.map((dimension) => ({ ...dimension })),
    })),
    ...(input.IncludeLinkedAccounts ? { OwningAccounts: page.map(({ owner }) => owner) } : {}),
    NextToken: next === undefined ? undefined : encodeToken(next, scope),
  };
});

interface Owned {
  readonly metric: SimulatedMetric;
  readonly owner: string;
}

/** The asking account, and where it asks for them, the accounts that are linked to it. */
function ownersOf(input: ListMetricsCommandInput, context: CallContext): readonly string[] {
  const self = accountOf(context);
  const all = input.IncludeLinkedAccounts ? [self, ...context.accounts.linkedTo(self)] : [self];
  return input.OwningAccount === undefined ? all : all.filter((owner) => owner === input.OwningAccount);
}

/** The metrics of all owners, one after the other, from a position in that row on. */
function* ownedFrom(start: number, owners: readonly string[], context: CallContext) {
  let before = 0;
  for (const owner of owners) {
    const { metrics } = context.world.catalogue(owner, context.region);
    for (let index = Math.max(0, start - before); index < metrics.length; index++)
      yield { at: before + index, owned: { metric: metrics[index] as SimulatedMetric, owner } };
    before += metrics.length;
  }
}

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

function isListed(
  metric: SimulatedMetric,
  { RecentlyActive }: ListMetricsCommandInput,
  { listingDelayMs, nowMs }: CallContext,
): boolean {
  const windowMs = RecentlyActive === undefined ? listedForMs : recentlyActiveMs;
  return nowMs >= firstListedMs(metric, listingDelayMs) && hasDataSince(metric, nowMs - windowMs, nowMs);
}

/** Each metric has its own delay up to the longest; those without a beginning were always there. */
function firstListedMs(metric: SimulatedMetric, listingDelayMs: number): number {
  const naturalMs = metric.periodSeconds * 1000;
  const firstPointMs = (Math.ceil(metric.fromMs / naturalMs) + 1) * naturalMs + metric.lagSeconds * 1000;
  return firstPointMs + unit(metric.seed ^ 0x243f6a88, 0) * listingDelayMs;
}

/** Whether the start of the newest published period lies in the window. */
function hasDataSince(metric: SimulatedMetric, sinceMs: number, nowMs: number): boolean {
  const naturalMs = metric.periodSeconds * 1000;
  const published = Math.min(nowMs - metric.lagSeconds * 1000, metric.untilMs);
  return Math.floor(published / naturalMs) * naturalMs - naturalMs >= sinceMs;
}
