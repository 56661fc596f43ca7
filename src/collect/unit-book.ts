import type { Clock } from "../base/index.ts";
import type { MetricName, Units } from "../integrations/index.ts";
import type { Metrics } from "../telemetry/index.ts";

export interface UnitBook {
  /** What is known of the integration's metrics; read from the stored series the first time. */
  of(integrationId: string): Promise<Units>;
}

/** After this long a unit that was asked for in vain is asked for again, as is one after a pause. */
export const askAgainMs = 3_600_000;
const metricsPerPage = 1_000;
/** More metric names than an account has; beyond it units are asked for again at each start. */
const pagesMax = 20;
/** Each takes a few kilobytes; beyond this, all are read again. */
const integrationsMax = 1_000;

export function createUnitBook(deps: { metrics: Pick<Metrics, "findMetrics">; clock: Clock }): UnitBook {
  const books = new Map<string, Units>();
  return {
    of: async (integrationId) => {
      const known = books.get(integrationId);
      if (known) return known;
      if (books.size >= integrationsMax) books.clear();
      const units = createUnits(await readUnits(deps.metrics, integrationId), deps.clock);
      books.set(integrationId, units);
      return units;
    },
  };
}

async function readUnits(
  metrics: Pick<Metrics, "findMetrics">,
  integrationId: string,
): Promise<Map<string, string>> {
  const units = new Map<string, string>();
  for (let page = 0; page < pagesMax; page++) {
    const offset = page * metricsPerPage;
    const { items, totalItems } = await metrics.findMetrics(
      { integrationId },
      { offset, limit: metricsPerPage },
    );
    for (const item of items) if (item.unit !== "") units.set(keyOf(item), item.unit);
    if (offset + items.length >= totalItems) break;
  }
  return units;
}

function createUnits(known: Map<string, string>, clock: Clock): Units {
  const claimed = new Map<string, number>();
  let pausedUntil = 0;
  return {
    get: (metric) => known.get(keyOf(metric)),
    claim: (metric) => {
      const key = keyOf(metric);
      const now = clock.monotonic();
      if (known.has(key) || now < pausedUntil || now < (claimed.get(key) ?? 0)) return false;
      claimed.set(key, now + askAgainMs);
      return true;
    },
    learn: (metric, unit) => {
      if (unit === undefined) return;
      known.set(keyOf(metric), unit);
      claimed.delete(keyOf(metric));
    },
    pause: () => {
      pausedUntil = clock.monotonic() + askAgainMs;
    },
  };
}

function keyOf({ namespace, metricName }: MetricName): string {
  return JSON.stringify([namespace, metricName]);
}
