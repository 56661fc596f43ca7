/**
 * Speed of reading and size on disk: `npm run bench -- query`.
 *
 * Writes 2,000 series with a point a minute over a day into an embedded telemetry store, an hour at a time as a collection
 * does, and asks three questions of a chart again and again; then once more after a re-reading has replaced one point in a
 * hundred of every second series, which is not merged yet. Values are gauges with two decimals. One JSON line per figure;
 * `cpu` is what this process took, in milliseconds at p50, and tells more than the time does where others use the machine.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createChdbConnection } from "chdb/connection";
import { createLog, systemClock } from "../src/base/index.ts";
import { type BucketQuery, type Metrics, openTelemetry, type SeriesPoints } from "../src/telemetry/index.ts";

const seriesCount = 2_000;
const pointsPerSeries = 1_440;
const pointsPerWrite = 60;
const seriesPerWrite = 500;
const rounds = 100;
const warmUpRounds = 5;
const regions = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1"];
const fromSeconds = Date.UTC(2026, 10, 20) / 1000;
const toSeconds = fromSeconds + pointsPerSeries * 60;

const directory = await mkdtemp(join(tmpdir(), "nepho-bench-"));
try {
  const telemetry = await openTelemetry({
    directory,
    log: createLog({ level: "error" }),
    clock: systemClock,
  });
  await writeAll(telemetry.metrics);
  await measureQueries(telemetry.metrics);
  await replaceSome(telemetry.metrics);
  await measure("average_by_region_replaced_ms", () =>
    telemetry.metrics.query(question({ groupBy: ["region"] })),
  );
  await telemetry.close();
  await measureSize();
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function writeAll(metrics: Metrics): Promise<void> {
  const levels = Array.from({ length: seriesCount }, (_, series) => 20 + (series % 50));
  const began = performance.now();
  for (let minute = 0; minute < pointsPerSeries; minute += pointsPerWrite) {
    for (let first = 0; first < seriesCount; first += seriesPerWrite) {
      const batch = Array.from({ length: seriesPerWrite }, (_, index) =>
        pointsOf(first + index, minute, levels),
      );
      const fromMs = (fromSeconds + minute * 60) * 1000;
      const toMs = fromMs + pointsPerWrite * 60_000;
      await metrics.merge(batch, { version: toMs, fromMs, toMs });
    }
  }
  const seconds = (performance.now() - began) / 1000;
  const points = seriesCount * pointsPerSeries;
  print({
    figure: "write_points_per_s",
    value: Math.round(points / seconds),
    points,
    seconds: round(seconds),
  });
}

/** As a reading 26 hours later would. */
async function replaceSome(metrics: Metrics): Promise<void> {
  const times = Array.from({ length: pointsPerSeries / 100 }, (_, index) => index * 100);
  const batch = Array.from({ length: seriesCount / 2 }, (_, index) => ({
    ...pointsOf(index * 2, 0, []),
    points: times.map((minute) => ({ timestampMs: (fromSeconds + minute * 60) * 1000, value: -1 })),
  }));
  await metrics.merge(batch, {
    version: (toSeconds + 26 * 3_600) * 1000,
    fromMs: fromSeconds * 1000,
    toMs: toSeconds * 1000,
  });
}

function pointsOf(series: number, minute: number, levels: number[]): SeriesPoints {
  const points = Array.from({ length: pointsPerWrite }, (_, index) => {
    const level = Math.min(100, Math.max(0, (levels[series] ?? 0) + noise(series, minute + index) * 2));
    levels[series] = level;
    return {
      timestampMs: (fromSeconds + (minute + index) * 60) * 1000,
      value: Math.round(level * 100) / 100,
    };
  });
  return {
    series: {
      integrationId: "bench",
      accountId: "222222222222",
      region: regions[series % regions.length] ?? "",
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      statistic: "Average",
      periodSeconds: 60,
      dimensions: { InstanceId: instanceOf(series) },
      unit: "Percent",
      tags: {},
    },
    points,
  };
}

function instanceOf(series: number): string {
  return `i-${String(series).padStart(17, "0")}`;
}

/** From -1 to 1 and the same in every run, so that two versions are measured on the same bytes. */
function noise(series: number, minute: number): number {
  const hash = Math.imul(Math.imul(series + 1, 0x9e3779b1) ^ Math.imul(minute + 1, 0x85ebca6b), 0xc2b2ae35);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 31 - 1;
}

async function measureQueries(metrics: Metrics): Promise<void> {
  await measure("one_series_day_ms", (round) =>
    metrics.query(
      question({ dimensions: { InstanceId: [instanceOf((round * 37) % seriesCount)] }, stepSeconds: 60 }),
    ),
  );
  await measure("average_by_region_ms", () => metrics.query(question({ groupBy: ["region"] })));
  await measure("top_10_ms", () => metrics.query(question({ limit: 10 })));
}

/** Of the whole day; at 5-minute steps, which is what a chart of a day shows, unless told otherwise. */
function question(
  wanted: Partial<Pick<BucketQuery, "groupBy" | "limit" | "stepSeconds">> & {
    dimensions?: Record<string, string[]>;
  },
): BucketQuery {
  const { dimensions, ...rest } = wanted;
  return {
    filter: { namespace: "AWS/EC2", metricName: "CPUUtilization", statistic: "Average", dimensions },
    fromSeconds,
    toSeconds,
    stepSeconds: 300,
    aggregation: "avg",
    groupBy: undefined,
    limit: 100,
    limits: {},
    ...rest,
  };
}

async function measure(
  figure: string,
  ask: (round: number) => Promise<{ series: readonly { points: readonly unknown[] }[] }>,
): Promise<void> {
  const times: number[] = [];
  const cpuTimes: number[] = [];
  let answered = { series: 0, points: 0 };
  for (let turn = 0; turn < warmUpRounds + rounds; turn++) {
    const began = performance.now();
    const cpuBefore = process.cpuUsage();
    const { series } = await ask(turn);
    const cpu = process.cpuUsage(cpuBefore);
    if (turn >= warmUpRounds) {
      times.push(performance.now() - began);
      cpuTimes.push((cpu.user + cpu.system) / 1000);
    }
    answered = { series: series.length, points: series.reduce((sum, { points }) => sum + points.length, 0) };
  }
  const least = Math.min(...times);
  print({
    figure,
    p50: round(at(times, 0.5)),
    p99: round(at(times, 0.99)),
    least: round(least),
    cpu: round(at(cpuTimes, 0.5)),
    rounds,
    ...answered,
  });
}

function at(times: number[], part: number): number {
  times.sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
}

/** First as the writes and the engine's own merges have left it, then with all parts merged. */
async function measureSize(): Promise<void> {
  const connection = createChdbConnection({ path: join(directory, "telemetry") });
  const table = "nephoscope.metric_points";
  try {
    print({ figure: "bytes_per_sample", ...(await sizeOfPoints(connection)) });
    await connection.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
    print({ figure: "bytes_per_sample_merged", ...(await sizeOfPoints(connection)) });
  } finally {
    await connection.close();
  }
}

async function sizeOfPoints(connection: ReturnType<typeof createChdbConnection>) {
  const { stream } = await connection.query({
    query: `SELECT sum(bytes_on_disk) AS bytes, sum(rows) AS rows, count() AS parts FROM system.parts
      WHERE database = 'nephoscope' AND table = 'metric_points' AND active
      FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 0`,
  });
  let text = "";
  for await (const chunk of stream) text += chunk;
  const { bytes, rows, parts } = JSON.parse(text) as { bytes: number; rows: number; parts: number };
  return { value: round(bytes / rows), rows, parts };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function print(figure: object): void {
  console.log(JSON.stringify(figure));
}
