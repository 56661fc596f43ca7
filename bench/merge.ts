/**
 * What it takes to compare points with what is stored and to store what is new: `npm run bench -- merge [--series 20000]
 * [--runs 16] [--first 180]`.
 *
 * Into an embedded store, in batches of 500 series, four at a time, as a collection does: a first reading, then runs that each
 * read the last 15 minutes with one new point a series, then the same after what was kept at hand is gone. One JSON line
 * per figure; `cpu` is what this process took, the making of the points left out, as if there were 100,000 series.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createLog, systemClock } from "../src/base/index.ts";
import { type MetricSeries, openTelemetry, type SeriesPoints } from "../src/telemetry/index.ts";
import { residentMiB } from "./resident.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    series: { type: "string", default: "20000" },
    runs: { type: "string", default: "16" },
    first: { type: "string", default: "180" },
  },
});
const seriesCount = Number(values.series);
const firstMinutes = Number(values.first);
const runs = Number(values.runs);
const seriesPerBatch = 500;
const batchesAtOnce = 4;
const overlapMinutes = 15;
const startMs = Math.floor(Date.now() / 60_000) * 60_000 - 86_400_000;

const series = Array.from(
  { length: seriesCount },
  (_, number): MetricSeries => ({
    integrationId: "bench",
    accountId: "222222222222",
    region: "us-east-1",
    namespace: "AWS/EC2",
    metricName: `Metric${Math.floor(number / 1_000)}`,
    statistic: "Average",
    periodSeconds: 60,
    dimensions: { InstanceId: `i-${String(number).padStart(17, "0")}` },
    unit: "Percent",
    tags: { env: "prod", team: "shop" },
  }),
);

const directory = await mkdtemp(join(tmpdir(), "nepho-bench-"));
const telemetry = await openTelemetry({
  directory,
  log: createLog({ level: "error" }),
  clock: systemClock,
});
try {
  await measure("merge_first", () => read(0, firstMinutes));
  for (let run = 1; run <= runs; run++) {
    await measure("merge_next", () => read(firstMinutes - overlapMinutes + run, overlapMinutes));
  }
  telemetry.metrics.forget("bench");
  await measure("merge_from_store", () => read(firstMinutes - overlapMinutes + runs + 1, overlapMinutes));
} finally {
  await telemetry.close();
  await rm(directory, { recursive: true, force: true });
}

interface Reading {
  added: number;
  /** What the making of the points took, in microseconds. */
  making: number;
}

async function read(fromMinute: number, minutes: number): Promise<Reading> {
  const toMs = startMs + (fromMinute + minutes) * 60_000;
  const range = { version: toMs + 120_000, fromMs: startMs + fromMinute * 60_000, toMs };
  const reading: Reading = { added: 0, making: 0 };
  const starts = Array.from(
    { length: Math.ceil(seriesCount / seriesPerBatch) },
    (_, index) => index * seriesPerBatch,
  );
  const queue = starts.values();
  const work = async () => {
    for (const start of queue) {
      const before = process.cpuUsage();
      const batch = series.slice(start, start + seriesPerBatch).map(
        (item, index): SeriesPoints => ({
          series: item,
          points: Array.from({ length: minutes }, (_, offset) => ({
            timestampMs: range.fromMs + offset * 60_000,
            value: pointValue(start + index, fromMinute + offset),
          })),
        }),
      );
      reading.making += process.cpuUsage(before).user;
      const { added } = await telemetry.metrics.merge(batch, range);
      reading.added += added;
    }
  };
  await Promise.all(Array.from({ length: batchesAtOnce }, work));
  return reading;
}

/** Two decimals, and the same whenever it is asked for. */
function pointValue(number: number, minute: number): number {
  return (((Math.imul(number + 1, 0x9e3779b1) ^ Math.imul(minute, 0x85ebca6b)) >>> 8) % 10_000) / 100;
}

async function measure(figure: string, work: () => Promise<Reading>): Promise<void> {
  const began = performance.now();
  const before = process.cpuUsage();
  const { added, making } = await work();
  const cpu = process.cpuUsage(before);
  const cpuMs = (cpu.user + cpu.system - making) / 1000;
  console.log(
    JSON.stringify({
      figure,
      series: seriesCount,
      added,
      ms: Math.round(performance.now() - began),
      cpuPer100kSeriesMs: Math.round((cpuMs * 100_000) / seriesCount),
      residentMiB: Math.round(await residentMiB(process.pid, "VmRSS")),
    }),
  );
}
