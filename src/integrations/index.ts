/**
 * Cloud integrations: the resource with its life cycle, search, runs and the types of integration, each in a folder of
 * `types/`. It never decides when something runs and never speaks HTTP. Invariants: a write is seen by the next read; the
 * external ID of an integration never changes; a run that was given up on changes nothing any more.
 */
export {
  type AwsFailure,
  type AwsSession,
  type ClassifyFailure,
  type Credentials,
  openSession,
  type RoleHop,
  withinTime,
} from "./connection.ts";
export type { IntegrationsDeps, IntegrationUser } from "./dependencies.ts";
export { createIntegrations, type Integrations } from "./integrations.ts";
export type { DueIntegration, Ledger, RunOutcome } from "./ledger.ts";
export type { IntegrationRecord, Pause } from "./records.ts";
export type { AbandonedRun, RunEnd, Runs, RunsQuery } from "./runs.ts";
export type { RunMeter } from "./spending/meter.ts";
export type { ObservedCall, SpendingLedger } from "./spending/spending.ts";
export type { Summaries, SummariesQuery } from "./summaries.ts";
export { integrationTypes, typeOf } from "./types/index.ts";
export {
  type CallPacer,
  type CollectContext,
  type CollectedSeries,
  type CollectProblem,
  type CollectResult,
  CredentialsFailure,
  type IntegrationType,
  type Listings,
  type MetricName,
  type Progress,
  RunLostError,
  type Units,
} from "./types/integration-type.ts";
export { newProgress } from "./types/progress.ts";
