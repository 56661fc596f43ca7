/** One valid value of each thing the services answer with. */

export { trailEvent } from "./audit.ts";
export { completeness, gap, owedWindow } from "./collection.ts";
export {
  connectionTest,
  connectionTestHistory,
  credential,
  credentialOptions,
  roleSetup,
} from "./credentials.ts";
export { apiKey, user } from "./identity.ts";
export { credentialId, integrationId, runId } from "./ids.ts";
export {
  integration,
  integrationAccount,
  integrationAdvice,
  integrationPreview,
  integrationSummary,
  outputs,
  run,
} from "./integrations.ts";
export { logEvent, logGroup, logRejection, logStream } from "./logs.ts";
export { metricChange, metricDelay, metricResult, spending } from "./metrics.ts";
export { pageOf } from "./page.ts";
export { overview, vaultStatus } from "./server.ts";
