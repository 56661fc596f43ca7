import type { Kysely } from "kysely";
import { AppError, type Clock } from "../../base/index.ts";
import type { Spending, SpendingQuery } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import type { IntegrationRecord } from "../records.ts";
import { daysOf } from "./book.ts";
import { boundsOfMonth, dayMs, dayOf, formatUsd, monthOf } from "./calendar.ts";
import { nothingSpent, type SpendingSum, sumByGroup, sumOf } from "./queries.ts";

/** AWS's own figure in dollars for all usage types of a month that end in `CW:GMD-Metrics`; undefined when nobody knows it. */
export type Billed = (month: string) => Promise<number | undefined>;

export interface ReportDeps {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly billed: Billed | undefined;
  readonly countingRule: string;
  /** Also those in the trash. */
  integrations(): Promise<readonly IntegrationRecord[]>;
  capOf(integration: IntegrationRecord): number | undefined;
  /** Undefined for a credential that is not there. */
  credentialName(id: string): Promise<string | undefined>;
}

type Range = SpendingSum["usd"];
type Item = Spending["items"][number];

export async function reportSpending(deps: ReportDeps, query: SpendingQuery): Promise<Spending> {
  const now = deps.clock.now();
  const month = query.month ?? monthOf(now);
  const { integrationId, credentialId, groupBy } = query;
  const filter = { ...daysOf(month), integrationId, credentialId };
  const groups = await sumByGroup(deps.db, groupBy, filter);
  const items = await nameGroups(deps, groupBy, groups);
  const total = groups.reduce(add, nothingSpent);
  // Previews and connection tests are made by people, not every few minutes.
  const recent = await sumOf(deps.db, { ...filter, ...recentDays(now), onlyRuns: true });
  const requested = await sumOf(deps.db, { ...daysOf(month), operation: "GetMetricData" });
  const billedUsd = (await deps.billed?.(month)) ?? null;
  return {
    month,
    groupBy,
    total: figuresOf(total),
    projected: projectMonth(month, now, total.usd, { usd: recent.usd, firstAt: recent.firstAt }),
    items: items.sort(groupBy === "day" ? byKey : byPrice),
    countingRule: deps.countingRule,
    reconciliation: reconcile(requested.usd, billedUsd),
  };
}

/** The last seven days, today among them. */
function recentDays(now: number): { from: string; to: string } {
  return { from: dayOf(now - 6 * dayMs), to: dayOf(now + dayMs) };
}

/** A first hour is not typical: it reads what lies before it. */
const shortestBasisMs = 3_600_000;

/** What is spent, and the rest of the month at the pace of the last days. Null for a month that does not go on. */
export function projectMonth(
  month: string,
  now: number,
  spent: Range,
  recent: { readonly usd: Range; readonly firstAt: number | undefined },
): Range | null {
  if (monthOf(now) !== month) return null;
  const left = boundsOfMonth(month).end - now;
  const basisStart = Math.max(Date.parse(recentDays(now).from), recent.firstAt ?? now);
  const basis = Math.max(now - basisStart, shortestBasisMs);
  return {
    low: spent.low + (recent.usd.low * left) / basis,
    high: spent.high + (recent.usd.high * left) / basis,
  };
}

/** AWS rounds, and reports usage some hours late. */
const toleratedShare = 0.05;
const toleratedUsd = 0.01;

/** Our count of what GetMetricData costs beside AWS's. */
export function reconcile(counted: Range, billedUsd: number | null): Spending["reconciliation"] {
  const ours = `${formatUsd(counted.low)} to ${formatUsd(counted.high)}`;
  if (billedUsd === null) {
    return {
      state: "no-cost-data",
      billedUsd,
      message: `Nothing to compare our count of ${ours} for GetMetricData with: this server does not collect Cost Explorer data. AWS's own figure is there under the usage types that end in CW:GMD-Metrics.`,
    };
  }
  const theirs = `AWS bills ${formatUsd(billedUsd)} for CW:GMD-Metrics`;
  const [least, most] = [
    counted.low * (1 - toleratedShare) - toleratedUsd,
    counted.high * (1 + toleratedShare) + toleratedUsd,
  ];
  if (billedUsd >= least && billedUsd <= most) {
    return { state: "agrees", billedUsd, message: `${theirs}; our count of ${ours} agrees with that.` };
  }
  const why =
    billedUsd > most
      ? "Other programs in these accounts may ask for metrics too, such as dashboards and exporters."
      : "AWS reports usage up to a day late, and not all accounts may be in the bill that was read.";
  return { state: "differs", billedUsd, message: `${theirs}, we count ${ours}. ${why}` };
}

async function nameGroups(
  deps: ReportDeps,
  groupBy: SpendingQuery["groupBy"],
  groups: readonly (SpendingSum & { key: string })[],
): Promise<Item[]> {
  if (groupBy === "integration") return nameIntegrations(deps, groups);
  if (groupBy === "credential") return nameCredentials(deps, groups);
  const nameless = groupBy === "account" ? "Not asked for (previews and connection tests)" : "";
  return groups.map((group) => toItem(group, group.key === "" ? nameless : group.key));
}

async function nameIntegrations(
  deps: ReportDeps,
  groups: readonly (SpendingSum & { key: string })[],
): Promise<Item[]> {
  const known = new Map((await deps.integrations()).map((record) => [record.id, record]));
  return groups.map((group) => {
    const record = known.get(group.key);
    const name = group.key === "" ? "Previews and connection tests" : (record?.name ?? "Deleted integration");
    return { ...toItem(group, name), monthlyCapUsd: (record && deps.capOf(record)) ?? null };
  });
}

/** Credentials that are tested before they are saved have an id that nobody will ever know: they are one item. */
async function nameCredentials(
  deps: ReportDeps,
  groups: readonly (SpendingSum & { key: string })[],
): Promise<Item[]> {
  const items: Item[] = [];
  const unknown: SpendingSum[] = [];
  for (const group of groups) {
    const name = group.key === "" ? "The server's own identity" : await deps.credentialName(group.key);
    if (name === undefined) unknown.push(group);
    else items.push(toItem(group, name));
  }
  if (unknown.length > 0) {
    const sum = unknown.reduce(add, nothingSpent);
    items.push(toItem({ ...sum, key: "unknown" }, "Deleted, or tested without being saved"));
  }
  return items;
}

/** Gives nothing for a credential that does not exist. */
export async function nameOrNothing(read: Promise<{ readonly name: string }>): Promise<string | undefined> {
  try {
    return (await read).name;
  } catch (error) {
    if (error instanceof AppError && error.code === "credential_not_found") return undefined;
    throw error;
  }
}

function toItem(group: SpendingSum & { key: string }, name: string): Item {
  return { key: group.key, name, ...figuresOf(group), monthlyCapUsd: null };
}

function figuresOf({ calls, metricsRequested, usd }: SpendingSum) {
  return { calls, metricsRequested: { ...metricsRequested }, usd: { ...usd } };
}

function add(a: SpendingSum, b: SpendingSum): SpendingSum {
  const sum = (left: Range, right: Range) => ({ low: left.low + right.low, high: left.high + right.high });
  return {
    calls: a.calls + b.calls,
    metricsRequested: sum(a.metricsRequested, b.metricsRequested),
    usd: sum(a.usd, b.usd),
  };
}

function byKey(a: Item, b: Item): number {
  return a.key < b.key ? -1 : 1;
}

function byPrice(a: Item, b: Item): number {
  return b.usd.high - a.usd.high || byKey(a, b);
}
