import type { Clock } from "../base/index.ts";
import type { Database } from "../db/index.ts";
import {
  type LogTrafficRow,
  logEventOverheadBytes,
  type MetricSeries,
  type SeriesPoints,
  type Telemetry,
} from "../telemetry/index.ts";
import type { ArnPlace } from "./arns.ts";
import { widenStreams } from "./directory-queries.ts";
import { findGroupNames, findPosition, movePosition } from "./traffic-queries.ts";

const minuteMs = 60_000;
/** A request takes its time of ingestion before it is written; it is stored or refused well before this. */
const settlingMs = 2 * minuteMs;
/** Minutes that are read again each time, should a write have taken longer after all. Repeating what is stored changes nothing. */
const againMs = 5 * minuteMs;
const windowMs = 60 * minuteMs;
const windowsPerTurn = 24;
const seriesPerMerge = 10_000;
/** Series of the server itself belong to no integration. */
export const ownIntegrationId = "";

/**
 * Derives `AWS/Logs` IncomingBytes and IncomingLogEvents of each group from what is stored, minute by minute of ingestion, up to
 * the last minute that can be complete. The position moves after its points are stored, so a crash loses none and two processes
 * write the same. After a downtime it goes on where it stopped, some hours at a time. It also finds what a crash has kept from
 * being noted of the streams.
 */
export function createTrafficChore(deps: {
  db: Pick<Database, "kysely">;
  telemetry: Pick<Telemetry, "logTraffic" | "metrics">;
  clock: Clock;
  place: ArnPlace;
}): () => Promise<void> {
  const { clock, place } = deps;
  const { kysely } = deps.db;
  const { logTraffic, metrics } = deps.telemetry;

  const writeWindow = async (fromMs: number, toMs: number) => {
    const rows = await logTraffic.minutes(fromMs, toMs);
    const names = await findGroupNames(kysely, [...new Set(rows.map(({ logGroupId }) => logGroupId))]);
    const batch = seriesOf(rows, names, place);
    for (let start = 0; start < batch.length; start += seriesPerMerge)
      await metrics.merge(batch.slice(start, start + seriesPerMerge), {
        version: clock.now(),
        fromMs,
        toMs,
      });
    const streams = await logTraffic.streams(fromMs, toMs);
    await widenStreams(
      kysely,
      streams.map(({ logStreamId, ...arrival }) => [logStreamId, arrival] as const),
    );
  };
  return async () => {
    const now = clock.now();
    const settledMs = floorToMinute(now - settlingMs);
    let doneTo = (await findPosition(kysely, "traffic", now)) ?? 0;
    let from = Math.max(0, doneTo - againMs);
    for (let windows = 0; windows < windowsPerTurn && doneTo < settledMs; windows++) {
      // Skips what was not in use, such as all time before the first event.
      const next = await logTraffic.nextArrival(from);
      const start = next === undefined ? settledMs : Math.min(floorToMinute(next), settledMs);
      const end = Math.min(start + windowMs, settledMs);
      if (start < end) await writeWindow(start, end);
      await movePosition(kysely, "traffic", end, now);
      doneTo = end;
      from = end;
    }
  };
}

/** How far the metrics of `AWS/Logs` are final; epoch milliseconds: minutes that end by then are not written again. */
export async function trafficSettledTo(db: Pick<Database, "kysely">, nowMs: number): Promise<number> {
  return Math.max(0, ((await findPosition(db.kysely, "traffic", nowMs)) ?? 0) - againMs);
}

function floorToMinute(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs;
}

function seriesOf(
  rows: readonly LogTrafficRow[],
  names: ReadonlyMap<number, string>,
  place: ArnPlace,
): SeriesPoints[] {
  const groups = new Map<string, LogTrafficRow[]>();
  for (const row of rows) {
    const name = names.get(row.logGroupId);
    if (name === undefined) continue;
    const known = groups.get(name);
    if (known) known.push(row);
    else groups.set(name, [row]);
  }
  return [...groups].flatMap(([name, minutes]) => [
    {
      series: seriesFor(place, name, "IncomingBytes", "Bytes"),
      points: sums(minutes, (row) => row.messageBytes + row.events * logEventOverheadBytes),
    },
    {
      series: seriesFor(place, name, "IncomingLogEvents", "Count"),
      points: sums(minutes, (row) => row.events),
    },
  ]);
}

/** A group that was deleted and made again has two ids in a minute, and one name. */
function sums(rows: readonly LogTrafficRow[], value: (row: LogTrafficRow) => number) {
  const points = new Map<number, number>();
  for (const row of rows) points.set(row.fromMs, (points.get(row.fromMs) ?? 0) + value(row));
  return [...points].map(([timestampMs, sum]) => ({ timestampMs, value: sum }));
}

function seriesFor(place: ArnPlace, groupName: string, metricName: string, unit: string): MetricSeries {
  return {
    integrationId: ownIntegrationId,
    accountId: place.accountId,
    region: place.region,
    namespace: "AWS/Logs",
    metricName,
    statistic: "Sum",
    periodSeconds: 60,
    dimensions: { LogGroupName: groupName },
    unit,
    tags: {},
    source: "nephoscope",
  };
}
