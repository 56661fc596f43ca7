import type { Kysely } from "kysely";
import type { Clock, Log } from "../base/index.ts";
import type { Principal } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";

/** Small values that an administrator sets while the server runs, with what holds until then. */
const defaults = {
  /** Credential that assumes the role of integrations which name only a role. */
  baseCredentialId: null as string | null,
};
export type StoredSettings = typeof defaults;

export interface Settings {
  get<N extends keyof StoredSettings>(name: N): Promise<StoredSettings[N]>;
  set<N extends keyof StoredSettings>(name: N, value: StoredSettings[N], caller: Principal): Promise<void>;
}

export function createSettings(deps: { kysely: Kysely<Tables>; clock: Clock; log: Log }): Settings {
  return {
    get: async <N extends keyof StoredSettings>(name: N) => {
      const row = await deps.kysely
        .selectFrom("settings")
        .select("value")
        .where("name", "=", name)
        .executeTakeFirst();
      return row ? (row.value as StoredSettings[N]) : defaults[name];
    },
    set: async (name, value, caller) => {
      const row = {
        value: JSON.stringify(value),
        updated_at: new Date(deps.clock.now()),
        updated_by: caller.arn,
      };
      await deps.kysely
        .insertInto("settings")
        .values({ name, ...row })
        .onConflict((conflict) => conflict.column("name").doUpdateSet(row))
        .execute();
      deps.log.info("Changed a setting.", { name, value, by: caller.arn });
    },
  };
}
