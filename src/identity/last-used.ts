import { type Kysely, sql } from "kysely";
import type { Clock, Log } from "../base/index.ts";
import type { Tables } from "../db/index.ts";

/** When keys and tokens were used last: noted in memory, written in batches, so that no request waits for it. */
export interface LastUsed {
  noteCredential(recordId: string): void;
  noteAccessKey(recordId: string, use: { service: string; region: string }): void;
  /** Writes what was noted. What cannot be written is a courtesy lost, and only logged. */
  flush(): Promise<void>;
}

/** Coarse, so that a busy key is a row written once a minute. */
const noteEveryMs = 60_000;
/** More keys than that in a minute go unnoted. */
const notedMax = 100_000;

export function createLastUsed(deps: { kysely: Kysely<Tables>; clock: Clock; log: Log }): LastUsed {
  const { kysely, clock, log } = deps;
  /** Noted lately, so that it need not be noted again. */
  const noted = new Map<string, number>();
  let credentials = new Map<string, Date>();
  let accessKeys = new Map<string, { at: Date; service: string; region: string }>();

  const isDue = (recordId: string) => {
    const now = clock.now();
    const before = noted.get(recordId);
    if (before !== undefined && now - before < noteEveryMs) return false;
    if (noted.size >= notedMax) return false;
    noted.set(recordId, now);
    return true;
  };
  const forgetOld = () => {
    for (const [recordId, at] of noted) if (clock.now() - at >= noteEveryMs) noted.delete(recordId);
  };
  return {
    noteCredential: (recordId) => {
      if (isDue(recordId)) credentials.set(recordId, new Date(clock.now()));
    },
    noteAccessKey: (recordId, use) => {
      if (isDue(recordId)) accessKeys.set(recordId, { at: new Date(clock.now()), ...use });
    },
    flush: async () => {
      forgetOld();
      const [usedCredentials, usedKeys] = [credentials, accessKeys];
      credentials = new Map();
      accessKeys = new Map();
      try {
        if (usedCredentials.size > 0) await writeCredentials(kysely, usedCredentials);
        if (usedKeys.size > 0) await writeAccessKeys(kysely, usedKeys);
      } catch (error) {
        log.warn("Could not record which keys were used.", {
          keys: usedCredentials.size + usedKeys.size,
          error,
        });
      }
    },
  };
}

async function writeCredentials(kysely: Kysely<Tables>, used: ReadonlyMap<string, Date>): Promise<void> {
  const rows = JSON.stringify([...used].map(([id, at]) => ({ id, at })));
  await sql`update service_specific_credentials as kept
    set last_used_at = greatest(kept.last_used_at, used.at)
    from json_to_recordset(${rows}::json) as used (id uuid, at timestamptz)
    where kept.id = used.id`.execute(kysely);
}

async function writeAccessKeys(
  kysely: Kysely<Tables>,
  used: ReadonlyMap<string, { at: Date; service: string; region: string }>,
): Promise<void> {
  const rows = JSON.stringify([...used].map(([id, use]) => ({ id, ...use })));
  await sql`update access_keys as kept
    set last_used_at = used.at, last_used_service = used.service, last_used_region = used.region
    from json_to_recordset(${rows}::json) as used (id uuid, at timestamptz, service text, region text)
    where kept.id = used.id and (kept.last_used_at is null or kept.last_used_at <= used.at)`.execute(kysely);
}
