/**
 * How much requests with keys that do not exist cost those with a good one:
 * `npm run bench -- keys-flood [--rate 5000] [--seconds 15] [--pairs 4]`.
 *
 * Good traffic (ND-JSON, batches of 100, eight connections that wait for their answers) without and with a flood of bad keys, in
 * turns; half of the bad keys have the form of real ones. One flood comes over 32 connections of one address, one over 1,000 of
 * fifty: each sends at the rate as long as it is answered. Generator and flood run on the same machine, so that their own
 * processor time counts against the server. `ratio` is the median of the pairs.
 */
import { parseArgs } from "node:util";
import { startServer } from "../test/support/server.ts";
import { type LogTarget, makeLogTarget } from "./load/account.ts";
import { prepareSender, type SenderPlan } from "./load/sending.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rate: { type: "string", default: "5000" },
    seconds: { type: "string", default: "15" },
    pairs: { type: "string", default: "4" },
  },
});
const secondsMax = Number(values.seconds);
const floodPerSecond = Number(values.rate);
const batch = 100;

interface Flood {
  readonly connections: number;
  readonly addresses: number;
}
const floods: readonly Flood[] = [
  { connections: 32, addresses: 1 },
  { connections: 1_000, addresses: 50 },
];

const server = await startServer();
try {
  const target = await makeLogTarget(server);
  for (const flood of floods) {
    const ratios: number[] = [];
    for (let pair = 0; pair < Number(values.pairs); pair++) ratios.push(await measurePair(target, flood));
    print({ figure: "keys_flood", ...flood, ratio: medianOf(ratios), pairs: ratios.length });
  }
} finally {
  await server.stop();
}

async function measurePair(target: LogTarget, flood: Flood): Promise<number> {
  const alone = await goodEventsPerSecond(target);
  const senders = await prepareFlood(target, flood);
  const flooding = senders.map((sender) => sender.send());
  const flooded = await goodEventsPerSecond(target);
  const reports = await Promise.all(flooding);
  const refused = reports.reduce((sum, { statuses }) => sum + (statuses["401"] ?? 0), 0);
  const statuses = reports.map((report) => report.statuses);
  const refusedPerSecond = Math.round(refused / secondsMax);
  const ratio = flooded / alone;
  print({ figure: "keys_flood_pair", ...flood, alone, flooded, refusedPerSecond, statuses, ratio });
  return ratio;
}

async function goodEventsPerSecond(target: LogTarget): Promise<number> {
  const sender = await prepareSender({
    ...common(target),
    connections: 8,
    requests: 10_000_000,
    batch,
    pool: 2000,
    secondsMax,
  });
  const { statuses, seconds } = await sender.send();
  return Math.round(((statuses["200"] ?? 0) * batch) / seconds);
}

/** One half with a key that is no key, one with a key that could be one. */
function prepareFlood(target: LogTarget, { connections, addresses }: Flood) {
  const invented = `ACWL${Buffer.from(`${target.userName}-at-000000000000:${"x".repeat(60)}`).toString("base64")}`;
  return Promise.all(
    ["not-a-key", invented].map((key) =>
      prepareSender({
        ...common(target),
        key,
        batch: 1,
        pool: 1000,
        connections: connections / 2,
        addresses,
        requests: (floodPerSecond / 2) * secondsMax,
        requestsPerSecond: floodPerSecond / 2,
        secondsMax,
      }),
    ),
  );
}

function common({
  key,
  group,
  stream,
}: LogTarget): Pick<SenderPlan, "url" | "format" | "firstEvent" | "key" | "group" | "stream"> {
  return { url: server.endpointUrl, format: "nd-json", firstEvent: 0, key, group, stream };
}

/** Of an even number the middle between the two in the middle. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number) => sorted[Math.floor(place)] ?? Number.NaN;
  return (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2;
}

function print(figures: object): void {
  console.log(JSON.stringify(figures));
}
