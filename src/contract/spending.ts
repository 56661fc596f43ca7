import { z } from "zod";

/** What calls to AWS cost, from our own count of them, and how that agrees with AWS's bill. */

const usdRange = z.object({ low: z.number(), high: z.number() });
const count = z.number().int();

export const spendingGroups = ["integration", "credential", "account", "operation", "day"] as const;

export const spendingQuery = z.object({
  /** `2026-11`; the current month in UTC when absent. */
  month: z
    .string()
    .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, "A month such as 2026-11.")
    .optional(),
  groupBy: z.enum(spendingGroups).default("integration"),
  integrationId: z.string().max(64).optional(),
  credentialId: z.string().max(64).optional(),
});
export type SpendingQuery = z.infer<typeof spendingQuery>;

const spendingFigures = z.object({
  calls: count,
  /** Metrics that GetMetricData was asked for, by AWS's two ways of counting statistics. */
  metricsRequested: usdRange,
  usd: usdRange,
});

export const spending = z.object({
  month: z.string(),
  groupBy: z.enum(spendingGroups),
  total: spendingFigures,
  /** What the month will have cost at its end if it goes on as in the last seven days; null for a month that is over. */
  projected: usdRange.nullable(),
  /** Dearest first; days in order. */
  items: z.array(
    spendingFigures.extend({
      /** Id of the integration or credential, account, operation or day. */
      key: z.string(),
      name: z.string(),
      /** The integration's monthly cap, where one is set. */
      monthlyCapUsd: z.number().nullable(),
    }),
  ),
  /** How the range is counted, in words. */
  countingRule: z.string(),
  /** AWS's own figure for the usage type of GetMetricData, once Cost Explorer data is collected. */
  reconciliation: z.object({
    state: z.enum(["no-cost-data", "agrees", "differs"]),
    message: z.string(),
    billedUsd: z.number().nullable(),
  }),
});
export type Spending = z.infer<typeof spending>;

/** A change of settings that would cost less, and what it would change. */
export const integrationAdvice = z.object({
  integrationId: z.string(),
  usdPerMonth: usdRange,
  monthlyCapUsd: z.number().nullable(),
  spentThisMonthUsd: usdRange,
  items: z.array(
    z.object({
      kind: z.enum(["longer-interval", "fewer-statistics", "silent-namespace", "cap-too-low"]),
      message: z.string(),
      /** What to write into the settings, by the names of the wire object. */
      change: z.record(z.string(), z.unknown()),
      savingPerMonth: usdRange,
    }),
  ),
});
export type IntegrationAdvice = z.infer<typeof integrationAdvice>;
