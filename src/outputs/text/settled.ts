import type { Clock } from "../../base/index.ts";
import type { FamilyKey, MetricExport, MetricScope, SettledScope } from "../../telemetry/index.ts";

/** Points of a scope that end by then, in epoch milliseconds, will not change any more. */
export type SettledTo = (scope: MetricScope & { integrationId: string }) => Promise<number>;

/** Runs are minutes apart, and asking costs a few statements per metric. */
const keepMs = 60_000;
/** Beyond this everything is asked for anew. */
const kept = 20_000;

/** How final the metrics of some families are, remembered for a minute. */
export function createSettledScopes(deps: {
  readonly store: Pick<MetricExport, "findScopes">;
  readonly settledTo: SettledTo;
  readonly clock: Pick<Clock, "monotonic">;
}): (integrationId: string, families: readonly FamilyKey[]) => Promise<SettledScope[]> {
  const known = new Map<string, { readonly askedAt: number; readonly settledTo: number }>();
  const ask = async (integrationId: string, scope: MetricScope): Promise<number> => {
    const key = JSON.stringify([integrationId, ...Object.values(scope)]);
    const now = deps.clock.monotonic();
    const found = known.get(key);
    if (found && now - found.askedAt < keepMs) return found.settledTo;
    const settledTo = await deps.settledTo({ integrationId, ...scope });
    if (known.size >= kept) known.clear();
    known.set(key, { askedAt: now, settledTo });
    return settledTo;
  };
  return async (integrationId, families) => {
    const scopes: SettledScope[] = [];
    // One after the other: a scrape is in no hurry, and others need the database too.
    for (const scope of await deps.store.findScopes(integrationId, families)) {
      scopes.push({ ...scope, settledTo: (await ask(integrationId, scope)) / 1000 });
    }
    return scopes;
  };
}
