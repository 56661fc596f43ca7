import { AppError, Secret } from "../base/index.ts";
import type { LogEndpoint, LogEventsInput, Principal } from "../contract/index.ts";
import type { Services } from "../http/index.ts";
import { createServerSettings } from "../identity/index.ts";
import type { Once } from "../logs/index.ts";
import { renderMetricsCsv } from "../query/index.ts";
import type { Context } from "./context.ts";
import type { LogParts } from "./log-parts.ts";
import type { Parts } from "./parts.ts";
import type { Stores } from "./stores.ts";

/** What the console calls. */
export function toServices(
  { settings, version }: Context,
  stores: Stores,
  parts: Parts,
  { logs, ingest, trail }: LogParts,
  collector: { runNow(integrationId: string): Promise<void> },
  logEndpoint: () => LogEndpoint,
): Services {
  const { identity, integrations, credentials, externalIds } = parts;
  return {
    identity,
    credentials: {
      ...credentials,
      import: (declaration, caller) =>
        credentials.import(declaration, async (text) => new Secret(text), caller),
    },
    externalIds: {
      create: async (caller) => (await externalIds.create(caller)).id,
      get: async (id) => (await externalIds.get(id)).id,
      delete: async (id) => {
        await externalIds.delete(id);
        return id;
      },
    },
    integrations: {
      ...integrations,
      summaries: integrations.summaries.list,
      summary: integrations.summaries.get,
    },
    collection: integrations.collection,
    spending: integrations.spending,
    outputs: parts.outputs,
    runs: { ...integrations.runs, start: (id) => collector.runNow(id) },
    metrics: { ...parts.metrics, toCsv: (result) => [...renderMetricsCsv(result)].join("") },
    overview: parts.overview,
    settings: createServerSettings({
      settings: identity.settings,
      fixed: {
        accountId: settings.accountId,
        version,
        stores: { database: stores.database.kind, telemetry: stores.telemetry.kind },
      },
      credentialExists: (id) => credentials.get(id).then(() => true, isNotFound),
    }),
    vault: parts.vault,
    keys: identity.keys,
    audit: trail,
    logs: {
      ...logs.service,
      putEvents: (input, authorize, name) =>
        logs.service.putEvents(input, authorize, name && onceOf(ingest, name, input)),
      rejections: ingest.rejections,
    },
    logEndpoint,
  };
}

/** Keys are a user's own. */
function onceOf(
  ingest: LogParts["ingest"],
  { caller, key }: { caller: Principal; key: string },
  input: LogEventsInput,
): Once {
  const body = Buffer.from(JSON.stringify(input));
  return (target, work) => ingest.once({ credentialId: caller.id, ...target, key }, body, work);
}

function isNotFound(error: unknown): false {
  if (error instanceof AppError && error.code === "credential_not_found") return false;
  throw error;
}
