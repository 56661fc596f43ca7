import type { Clock } from "../../base/index.ts";
import type { Metrics } from "../../telemetry/index.ts";
import type { SeriesOrigin } from "./finality.ts";

/** What is learned changes slowly. */
const keepMs = 10 * 60_000;
const kept = 10_000;
/** With fewer points a single late one would decide. */
const pointsMin = 1_000;

/** Seconds after which a metric's points are final, as learned; undefined when too little is known of it. */
export function createDelays({
  metrics,
  clock,
}: {
  metrics?: Pick<Metrics, "findDelays"> | undefined;
  clock: Clock;
}): (origin: SeriesOrigin) => Promise<number | undefined> {
  const known = new Map<string, { readAt: number; seconds: Promise<number | undefined> }>();
  return ({ integrationId, namespace, metricName }) => {
    if (!metrics) return Promise.resolve(undefined);
    const key = JSON.stringify([integrationId, namespace, metricName]);
    const found = known.get(key);
    if (found && clock.monotonic() - found.readAt < keepMs) return found.seconds;
    if (known.size >= kept) known.clear();
    const seconds = readDelay(metrics, { integrationId, namespace, metricName });
    known.set(key, { readAt: clock.monotonic(), seconds });
    seconds.catch(() => known.delete(key));
    return seconds;
  };
}

async function readDelay(
  metrics: Pick<Metrics, "findDelays">,
  filter: Pick<SeriesOrigin, "integrationId" | "namespace" | "metricName">,
): Promise<number | undefined> {
  const [delay] = await metrics.findDelays({ ...filter, limit: 1 });
  return delay && delay.points >= pointsMin ? delay.settlesAfterSeconds : undefined;
}
