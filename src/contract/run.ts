import { z } from "zod";
import { failureCause } from "./connection-test.ts";
import { flagText, paged, pageQuery } from "./primitives.ts";

export const runState = z.enum(["running", "succeeded", "partial", "failed", "abandoned"]);

/** One execution of one integration. */
export const run = z.object({
  id: z.string(),
  integrationId: z.string(),
  state: runState,
  trigger: z.enum(["schedule", "manual", "create"]),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** Start and end of the time range that was asked for. */
  windowFrom: z.iso.datetime().nullable(),
  windowTo: z.iso.datetime().nullable(),
  workerId: z.string(),
  metricsListed: z.number().int(),
  seriesStored: z.number().int(),
  /** Points that came in, most of them known already from an earlier reading. */
  pointsStored: z.number().int(),
  pointsAdded: z.number().int(),
  /** Points whose stored value was replaced by another. */
  pointsChanged: z.number().int(),
  /** Owed windows, or parts of them, that this run has read, and those that it left behind. */
  windowsPaid: z.number().int(),
  windowsOwed: z.number().int(),
  apiCalls: z.record(z.string(), z.number().int()),
  /** Estimated list price of the calls in US dollars. */
  costUsd: z.number(),
  error: z
    .object({
      cause: failureCause,
      code: z.string().nullable(),
      message: z.string(),
      advice: z.array(z.string()),
      region: z.string().nullable(),
    })
    .nullable(),
});
export type Run = z.infer<typeof run>;
export const runPage = paged(run);

export const integrationState = z.enum([
  "ok",
  "waiting",
  "failing",
  "disabled",
  "disabled-by-error",
  "paused",
  "trash",
]);

/** What the console shows beside the wire object of an integration. */
export const integrationSummary = z.object({
  id: z.string(),
  name: z.string(),
  service: z.string(),
  state: integrationState,
  stateReason: z.string(),
  credentialId: z.string().nullable(),
  credentialName: z.string().nullable(),
  roleArn: z.string().nullable(),
  regions: z.array(z.string()),
  refreshMinutes: z.number().int(),
  lastRun: run.nullable(),
  lastDataAt: z.iso.datetime().nullable(),
  lastMetricCount: z.number().int().nullable(),
  nextRunAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type IntegrationSummary = z.infer<typeof integrationSummary>;
export const integrationSummaryPage = paged(integrationSummary);

export const integrationListQuery = pageQuery.extend({
  /** Part of the name, any case. */
  text: z.string().max(255).optional(),
  state: integrationState.optional(),
  sort: z.enum(["name", "state", "lastDataAt", "nextRunAt", "createdAt"]).default("name"),
  order: z.enum(["asc", "desc"]).default("asc"),
  /** True lists the trash. */
  deleted: flagText.default(false),
});
export type IntegrationListQuery = z.infer<typeof integrationListQuery>;

/** PostgreSQL has no year 0, and no year of five digits as JavaScript writes it. */
const storableTime = z.iso
  .datetime({ offset: true })
  .refine((text) => !(Date.parse(text) < 0 || Date.parse(text) >= Date.UTC(10_000, 0)), "From 1970 to 9999.");

/** Newest first. */
export const runListQuery = pageQuery.extend({
  state: runState.optional(),
  /** True: only runs that did not succeed. */
  trouble: flagText.optional(),
  /** Started in this time; `from` inclusive, `to` exclusive. */
  from: storableTime.optional(),
  to: storableTime.optional(),
});
export type RunListQuery = z.infer<typeof runListQuery>;

export const overview = z.object({
  credentials: z.object({
    total: z.number().int(),
    ok: z.number().int(),
    partial: z.number().int(),
    failed: z.number().int(),
    untested: z.number().int(),
  }),
  integrations: z.object({
    total: z.number().int(),
    ok: z.number().int(),
    failing: z.number().int(),
    disabled: z.number().int(),
    waiting: z.number().int(),
  }),
  metrics: z.object({
    namespaces: z.number().int(),
    metrics: z.number().int(),
    series: z.number().int(),
    lastDataAt: z.iso.datetime().nullable(),
  }),
  /** What is broken and why, worst first. */
  problems: z.array(
    z.object({
      kind: z.enum(["credential", "integration", "store"]),
      id: z.string().nullable(),
      name: z.string(),
      severity: z.enum(["error", "warning"]),
      message: z.string(),
      advice: z.array(z.string()),
      since: z.iso.datetime().nullable(),
    }),
  ),
  runsLastDay: z.object({
    total: z.number().int(),
    failed: z.number().int(),
    points: z.number().int(),
    apiCalls: z.number().int(),
    costUsd: z.number(),
  }),
});
export type Overview = z.infer<typeof overview>;

export const serverSettings = z.object({
  accountId: z.string(),
  /** Credential that assumes the role of integrations which name only a role. */
  baseCredentialId: z.string().nullable(),
  version: z.string(),
  stores: z.object({ database: z.enum(["embedded", "server"]), telemetry: z.enum(["embedded", "server"]) }),
});
export type ServerSettings = z.infer<typeof serverSettings>;
export const serverSettingsUpdate = z.strictObject({ baseCredentialId: z.string().nullable() });
export type ServerSettingsUpdate = z.infer<typeof serverSettingsUpdate>;

export const vaultStatus = z.object({
  writeKeyId: z.string(),
  masterKeys: z.array(z.object({ keyId: z.string(), dataKeys: z.number().int(), removable: z.boolean() })),
  secrets: z.number().int(),
  rotation: z.object({
    state: z.enum(["idle", "running", "failed"]),
    done: z.number().int(),
    total: z.number().int(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    message: z.string().nullable(),
  }),
});
export type VaultStatus = z.infer<typeof vaultStatus>;
