import type {
  GetCostAndUsageCommandInput,
  GetCostAndUsageCommandOutput,
  MetricValue,
} from "@aws-sdk/client-cost-explorer";
import { ProtocolError } from "../../src/protocols/index.ts";
import { dayMs } from "../signals/behaviour.ts";
import { monthlyCosts } from "../signals/catalogue.ts";
import { hashText, unit } from "../signals/hash.ts";
import { accountOf, type CallContext, handler, type SimulatedService } from "./service.ts";

const metricNames = [
  "AmortizedCost",
  "BlendedCost",
  "NetAmortizedCost",
  "NetUnblendedCost",
  "NormalizedUsageAmount",
  "UnblendedCost",
  "UsageQuantity",
];

export const costExplorer: SimulatedService = {
  handlers: {
    GetCostAndUsage: handler<GetCostAndUsageCommandInput, GetCostAndUsageCommandOutput>((input, context) => {
      const spans = spansOf(input);
      const metrics = metricsOf(input);
      const byService = groupsByService(input);
      return {
        GroupDefinitions: input.GroupBy,
        ResultsByTime: spans.map(([startMs, endMs]) => ({
          TimePeriod: { Start: isoDay(startMs), End: isoDay(endMs) },
          Estimated: endMs > context.nowMs - 2 * dayMs,
          Total: byService
            ? {}
            : amounts(metrics, costOf(context, Object.keys(monthlyCosts), startMs, endMs)),
          Groups: byService
            ? Object.keys(monthlyCosts).map((service) => ({
                Keys: [service],
                Metrics: amounts(metrics, costOf(context, [service], startMs, endMs)),
              }))
            : [],
        })),
      };
    }),
  },
};

function spansOf(input: GetCostAndUsageCommandInput): [number, number][] {
  const startMs = parseDay(input.TimePeriod?.Start);
  const endMs = parseDay(input.TimePeriod?.End);
  if (startMs >= endMs) throw invalid("Start date (and hour) should be before end date (and hour)");
  if ((endMs - startMs) / dayMs > 460) throw invalid("The time period is longer than 14 months.");
  if (input.Granularity !== "DAILY" && input.Granularity !== "MONTHLY")
    throw invalid(`The granularity ${input.Granularity} is not supported here; use DAILY or MONTHLY.`);
  const spans: [number, number][] = [];
  for (let at = startMs; at < endMs; ) {
    const next = Math.min(endMs, input.Granularity === "DAILY" ? at + dayMs : nextMonth(at));
    spans.push([at, next]);
    at = next;
  }
  return spans;
}

function metricsOf(input: GetCostAndUsageCommandInput): string[] {
  const metrics = input.Metrics ?? [];
  if (metrics.length === 0) throw invalid("Metrics can not be null or empty.");
  const unknown = metrics.find((name) => !metricNames.includes(name));
  if (unknown) throw invalid(`Invalid Metric: ${unknown}`);
  return metrics;
}

function groupsByService(input: GetCostAndUsageCommandInput): boolean {
  const groups = input.GroupBy ?? [];
  if (groups.length === 0) return false;
  if (groups.length === 1 && groups[0]?.Type === "DIMENSION" && groups[0].Key === "SERVICE") return true;
  throw invalid("The simulated Cost Explorer groups by the dimension SERVICE only.");
}

function amounts(metrics: readonly string[], cost: number): Record<string, MetricValue> {
  return Object.fromEntries(
    metrics.map((name) => [
      name,
      name.endsWith("Cost")
        ? { Amount: cost.toFixed(10), Unit: "USD" }
        : { Amount: (cost * 24).toFixed(10), Unit: "N/A" },
    ]),
  );
}

/** A thirtieth of the month's cost a day, give or take a fifth; accounts without resources cost nothing. */
function costOf(context: CallContext, services: readonly string[], startMs: number, endMs: number): number {
  const accountId = accountOf(context);
  if (context.accounts.find(accountId)?.size !== "full") return 0;
  let total = 0;
  for (const service of services) {
    const seed = hashText(`${context.world.seed}/${accountId}/${service}`);
    for (let at = startMs; at < Math.min(endMs, context.nowMs); at += dayMs)
      total += ((monthlyCosts[service] ?? 0) / 30) * (0.8 + 0.4 * unit(seed, at / dayMs));
  }
  return total;
}

function parseDay(text: string | undefined): number {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text ?? "") ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw invalid("Start and end must be days such as 2026-01-31.");
  return ms;
}

function nextMonth(atMs: number): number {
  const date = new Date(atMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function invalid(message: string): ProtocolError {
  return new ProtocolError("ValidationException", message);
}
