import type { Kysely } from "kysely";
import { AppError, type Log } from "../base/index.ts";
import {
  cutPage,
  type IntegrationListQuery,
  type IntegrationSummary,
  type Page,
  type Run,
} from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import type { Credentials } from "./connection.ts";
import { findIntegration, findIntegrations } from "./integration-queries.ts";
import type { IntegrationRecord } from "./records.ts";
import { findLastRuns, isoOrNull } from "./runs.ts";
import { typeOf } from "./types/index.ts";

export interface SummariesQuery {
  /** Part of the name, any case. */
  readonly text?: string | undefined;
  readonly state?: IntegrationSummary["state"] | undefined;
  readonly sort?: IntegrationListQuery["sort"] | undefined;
  readonly order?: "asc" | "desc" | undefined;
  readonly offset: number;
  readonly limit: number;
  readonly deleted?: boolean | undefined;
}

export interface Summaries {
  list(query: SummariesQuery): Promise<Page<IntegrationSummary>>;
  /** Also of what is in the trash. Throws `integration_not_found`. */
  get(id: string): Promise<IntegrationSummary>;
}

interface Deps {
  readonly db: Kysely<Tables>;
  readonly credentials: Pick<Credentials, "get">;
  readonly log: Log;
}

/** What the console shows beside the wire object. */
export function createSummaries(deps: Deps): Summaries {
  return {
    list: async (query) => {
      const all = await findIntegrations(deps.db, { trashed: query.deleted ?? false });
      const found = all.filter((record) => isWanted(record, query)).sort(comparison(query));
      const { items, ...page } = cutPage(found, query);
      return { items: await summarize(deps, items), ...page };
    },
    get: async (id) => {
      const record = await findIntegration(deps.db, id);
      if (!record) throw new AppError("integration_not_found");
      return (await summarize(deps, [record]))[0]!;
    },
  };
}

function isWanted(record: IntegrationRecord, { text, state }: SummariesQuery): boolean {
  const named = text === undefined || record.name.toLowerCase().includes(text.toLowerCase());
  return named && (state === undefined || stateOf(record).state === state);
}

function comparison({ sort = "name", order = "asc" }: SummariesQuery) {
  const sign = order === "asc" ? 1 : -1;
  const keys: Record<typeof sort, (record: IntegrationRecord) => string | number> = {
    name: (record) => record.name.toLowerCase(),
    createdAt: (record) => record.createdAt,
    lastDataAt: (record) => record.lastReceivedPointAt ?? 0,
    nextRunAt: (record) => record.nextRunAt ?? Number.MAX_SAFE_INTEGER,
    state: (record) => stateOf(record).state,
  };
  const key = keys[sort];
  return (a: IntegrationRecord, b: IntegrationRecord) => {
    const [left, right] = [key(a), key(b)];
    return left === right ? 0 : sign * (left < right ? -1 : 1);
  };
}

async function summarize(deps: Deps, records: readonly IntegrationRecord[]): Promise<IntegrationSummary[]> {
  const runs = await findLastRuns(
    deps.db,
    records.map(({ id }) => id),
  );
  const names = await credentialNames(deps, records);
  return records.map((record) => toSummary(record, runs.get(record.id) ?? null, names));
}

async function credentialNames(
  deps: Deps,
  records: readonly IntegrationRecord[],
): Promise<Map<string, string>> {
  const ids = new Set(records.flatMap(({ credentialId }) => (credentialId === null ? [] : [credentialId])));
  const names = new Map<string, string>();
  for (const id of ids) {
    try {
      names.set(id, (await deps.credentials.get(id)).name);
    } catch (error) {
      deps.log.warn("An integration's credential could not be read.", { credentialId: id, error });
    }
  }
  return names;
}

function toSummary(
  record: IntegrationRecord,
  lastRun: Run | null,
  names: ReadonlyMap<string, string>,
): IntegrationSummary {
  return {
    id: record.id,
    name: record.name,
    service: record.service,
    ...stateOf(record),
    credentialId: record.credentialId,
    credentialName: names.get(record.credentialId ?? "") ?? null,
    roleArn: record.roleArn || null,
    regions: [...typeOf(record.service).regionsOf(record.config)],
    refreshMinutes: record.refreshMinutes,
    lastRun,
    lastDataAt: isoOrNull(record.lastReceivedPointAt),
    lastMetricCount: record.lastMetricCount,
    nextRunAt: isoOrNull(record.nextRunAt),
    createdAt: new Date(record.createdAt).toISOString(),
  };
}

function stateOf(record: IntegrationRecord): Pick<IntegrationSummary, "state" | "stateReason"> {
  const error = record.lastError ?? "The last run failed.";
  if (record.trashedAt !== null) return { state: "trash", stateReason: "In the trash; it can be restored." };
  if (record.disabledByError) return { state: "disabled-by-error", stateReason: error };
  if (record.disabled) return { state: "disabled", stateReason: "Disabled by a user." };
  if (record.pause) return { state: "paused", stateReason: record.pause.reason };
  if (record.consecutiveFailures > 0) return { state: "failing", stateReason: error };
  if (record.lastProcessedAt === null) {
    return { state: "waiting", stateReason: record.lastError ?? "Waiting for its first run." };
  }
  return { state: "ok", stateReason: "The last run succeeded." };
}
