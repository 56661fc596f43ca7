/**
 * Speed of reading log events and their size on disk: `npm run bench -- log-query`.
 *
 * Writes 10 million JSON events of some 260 bytes, all different, over a day into an embedded telemetry store, in requests of
 * 10,000 as the ingestion does, and asks what a log explorer and `aws logs filter-log-events` ask. A search ends with its
 * hundredth event; a rare one has to read the whole day, stretch by stretch. One JSON line per figure; `cpu` is what this
 * process took, in milliseconds at p50. `--events` gives another number.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createChdbConnection } from "chdb/connection";
import { createLog, systemClock } from "../src/base/index.ts";
import { filterCondition, parseFilterPattern } from "../src/logs/index.ts";
import { type LogSelection, openTelemetry, type Telemetry } from "../src/telemetry/index.ts";

const { values: given } = parseArgs({
  args: process.argv.slice(3),
  options: { events: { type: "string", default: "10000000" } },
});
const eventCount = Number(given.events);
const requestSize = 10_000;
const requestsAtOnce = 4;
const rounds = 20;
const warmUpRounds = 2;
const pageSize = 100;
const hourMs = 3_600_000;
const toMs = Date.UTC(2026, 10, 21);
const fromMs = toMs - 24 * hourMs;
const stepMs = (toMs - fromMs) / eventCount;
const logGroupId = 1;
const streamCount = 20;

const directory = await mkdtemp(join(tmpdir(), "nepho-bench-"));
try {
  const telemetry = await openTelemetry({
    directory,
    log: createLog({ level: "error" }),
    clock: systemClock,
  });
  await writeAll(telemetry);
  await measureAll(telemetry);
  await telemetry.close();
  await measureSize();
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function writeAll({ logEvents }: Telemetry): Promise<void> {
  const began = performance.now();
  let bytes = 0;
  const write = (first: number) => {
    const rows = logEvents.encoder(
      {
        logGroupId,
        logStreamId: 1 + ((first / requestSize) % streamCount),
        ingestionTimeMs: timeOf(first) + 1_000,
      },
      requestSize * 350,
    );
    for (let event = first; event < first + requestSize; event++) {
      const message = messageOf(event);
      bytes += message.length;
      rows.addText(timeOf(event), message);
    }
    return logEvents.append(rows.finish());
  };
  for (let first = 0; first < eventCount; first += requestSize * requestsAtOnce) {
    const starts = Array.from({ length: requestsAtOnce }, (_, index) => first + index * requestSize);
    await Promise.all(starts.filter((start) => start < eventCount).map(write));
  }
  const seconds = (performance.now() - began) / 1000;
  print({
    figure: "write_events_per_s",
    value: Math.round(eventCount / seconds),
    events: eventCount,
    message_bytes: round(bytes / eventCount),
    seconds: round(seconds),
  });
}

function timeOf(event: number): number {
  return Math.floor(fromMs + event * stepMs);
}

/** In every run the same, so that two versions are measured on the same bytes. */
function messageOf(event: number): string {
  const noise = hashOf(event);
  const level = noise % 50 === 0 ? "ERROR" : noise % 11 === 0 ? "WARN" : "INFO";
  const status = level === "ERROR" ? 500 + (noise % 4) : 200;
  const text = event % 1_000_000 === 7 ? "java.lang.OutOfMemoryError in the worker" : "request finished";
  return JSON.stringify({
    time: new Date(timeOf(event)).toISOString(),
    level,
    service: `checkout-${noise % 40}`,
    requestId: `${hex(noise)}-${hex(hashOf(noise))}-${hex(event)}`,
    method: noise % 3 === 0 ? "POST" : "GET",
    path: `/api/v1/orders/${noise % 1_000_000}/items`,
    status,
    durationMs: (hashOf(event + 1) % 100_000) / 100,
    client: `10.${noise % 256}.${(noise >>> 8) % 256}.${(noise >>> 16) % 256}`,
    message: text,
  });
}

function hashOf(value: number): number {
  let hash = Math.imul(value + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}

async function measureAll({ logReads }: Telemetry): Promise<void> {
  const search = (pattern: string, round: number, selection: Partial<LogSelection> = {}) =>
    logReads
      .page({
        ...of(pattern, round),
        ...selection,
        order: "desc",
        limit: pageSize,
        bytesMax: 2 ** 20,
        timeMsMax: 60_000,
      })
      .then(({ events }) => events.length);
  const count = (pattern: string, round: number) =>
    logReads
      .histogram(of(pattern, round), 60_000)
      .then((buckets) => buckets.reduce((sum, bucket) => sum + bucket.count, 0));
  const hourEnd = (round: number) => fromMs + (((round * 7) % 23) + 1) * hourMs;

  await measure("newest_page_ms", (round) => search("", round));
  await measure("past_page_ms", (round) => search("", round, { toMs: hourEnd(round) }));
  await measure("stream_page_ms", (round) =>
    search("", round, { logStreamIds: [1 + (round % streamCount)] }),
  );
  await measure("term_common_ms", (round) => search("ERROR", round));
  await measure("term_rare_ms", (round) => search("OutOfMemoryError", round));
  await measure("term_once_ms", (round) => search(`"${requestOf(round)}"`, round));
  await measure("json_common_ms", (round) => search('{ $.level = "ERROR" }', round));
  await measure("json_once_ms", (round) => search(`{ $.requestId = "${requestOf(round)}" }`, round));
  await measure(
    "json_numbers_ms",
    (round) => search("{ $.status = 503 && $.durationMs > 999.98 }", round),
    5,
  );
  await measure("regex_rare_ms", (round) => search("%OutOf[A-Z][a-z]+Error%", round));
  await measure("count_by_minute_ms", (round) => count("", round));
  await measure("count_by_minute_term_ms", (round) => count("ERROR", round));
  await measure("count_by_minute_json_ms", (round) => count('{ $.level = "ERROR" }', round));
}

function requestOf(round: number): string {
  return /"requestId":"([^"]+)"/.exec(messageOf(Math.floor((eventCount * (round + 1)) / 40)))?.[1] ?? "";
}

/** Each round asks for a millisecond less, so that none finds the answer of the one before in a cache. */
function of(pattern: string, round: number): LogSelection {
  const filter = pattern === "" ? undefined : filterCondition(parseFilterPattern(pattern));
  return { logGroupId, fromMs, toMs: toMs - round, filter };
}

async function measure(
  figure: string,
  ask: (round: number) => Promise<number>,
  times = rounds,
): Promise<void> {
  const durations: number[] = [];
  const cpuTimes: number[] = [];
  let events = 0;
  for (let turn = 0; turn < warmUpRounds + times; turn++) {
    const began = performance.now();
    const cpuBefore = process.cpuUsage();
    events = await ask(turn);
    const cpu = process.cpuUsage(cpuBefore);
    if (turn < warmUpRounds) continue;
    durations.push(performance.now() - began);
    cpuTimes.push((cpu.user + cpu.system) / 1000);
  }
  print({
    figure,
    p50: round(at(durations, 0.5)),
    p95: round(at(durations, 0.95)),
    least: round(Math.min(...durations)),
    cpu: round(at(cpuTimes, 0.5)),
    rounds: times,
    events,
  });
}

function at(times: number[], part: number): number {
  times.sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
}

/** As the writes and the engine's own merges have left it. */
async function measureSize(): Promise<void> {
  const connection = createChdbConnection({ path: join(directory, "telemetry") });
  try {
    const { stream } = await connection.query({
      query: `SELECT sum(bytes_on_disk) AS bytes, sum(rows) AS rows, count() AS parts FROM system.parts
        WHERE database = 'nephoscope' AND table = 'log_events' AND active
        FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 0`,
    });
    let text = "";
    for await (const chunk of stream) text += chunk;
    const { bytes, rows, parts } = JSON.parse(text) as { bytes: number; rows: number; parts: number };
    print({ figure: "bytes_per_event", value: round(bytes / rows), rows, parts });
  } finally {
    await connection.close();
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function print(figure: object): void {
  console.log(JSON.stringify(figure));
}
