/**
 * Speed, calls, cost and memory of a collection: `npm run bench -- collect [--metrics 1000,10000,100000]
 * [--statistics Average] [--regions 10]`. The server is a process of its own; the simulated AWS, which answers as fast as it
 * can, runs in this one. For each size a first run, which fetches three hours, and a run a minute later, which fetches what
 * every run does: the new minute and the overlap of a quarter of an hour. One JSON line per run.
 *
 * The server keeps within AWS's quotas here too, all of them: in one region they let through 10,000 metrics a second with an
 * overlap of a quarter of an hour. So every 10,000 metrics are in a region of their own, up to `--regions`.
 */
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type RunningSimulator, startSimulator } from "../simulator/index.ts";
import type { Run } from "../src/contract/index.ts";
import { connect } from "../test/support/connected.ts";
import { startServer, type TestServer } from "../test/support/server.ts";
import { cpuSeconds, forgetPeak, residentMiB } from "./resident.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    metrics: { type: "string", default: "1000,10000,100000" },
    statistics: { type: "string", default: "Average" },
    regions: { type: "string", default: "10" },
  },
});
const statistics = values.statistics.split(",");
const metricsPerRegion = 10_000;
/** The server looks two minutes back, so a minute later there is something new to ask for. */
const nextWindowMs = 3 * 60_000 + 1_000;
const patienceMs = 900_000;
const askEveryMs = 2_000;

/** In the order in which they are used. */
const regionNames = [
  "us-east-1",
  "us-west-2",
  "eu-west-1",
  "eu-central-1",
  "ap-south-1",
  "ap-northeast-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "sa-east-1",
];

for (const metrics of values.metrics.split(",").map(Number)) {
  const count = Math.min(Number(values.regions), Math.max(1, Math.ceil(metrics / metricsPerRegion)));
  const regions = regionNames.slice(0, count);
  const aws = await startSimulator({ metricsPerAccount: metrics, regions });
  for (const region of regions) aws.simulator.world.catalogue(aws.seeded.productionAccountId, region);
  const environment = { NEPHO_ALLOW_PRIVATE_ENDPOINTS: "true", NEPHO_AWS_QUOTA_SHARE: "100" };
  // The first start of all makes the stores, which takes memory that no later one does.
  const fresh = await startServer({ environment });
  await fresh.end();
  const server = await startServer({ environment, directory: fresh.directory });
  try {
    await measure(server, aws, metrics, regions);
  } finally {
    await server.end();
    await rm(fresh.directory, { recursive: true, force: true });
    await aws.close();
  }
}

async function measure(
  server: TestServer,
  aws: RunningSimulator,
  metrics: number,
  regions: string[],
): Promise<void> {
  // What the start took is given back within seconds.
  await sleep(5_000);
  const pid = server.process.pid ?? 0;
  print({
    figure: "collect_start",
    metrics,
    serverPeakMiB: Math.round(await residentMiB(pid, "VmHWM")),
    serverIdleMiB: Math.round(await residentMiB(pid, "VmRSS")),
  });
  await forgetPeak(pid);
  const { integrationId } = await connect(server, aws, { regions, cloudWatch: { statistics } });
  const used = await cpuMeter(server);
  const first = await finishedRun(server, integrationId);
  await report("collect_first", server, metrics, first, await used());
  await sleep(Math.max(0, Date.parse(first.windowTo ?? "") + nextWindowMs - Date.now()));
  const last = await finishedRun(server, integrationId);
  await forgetPeak(pid);
  const usedNext = await cpuMeter(server);
  const next = await finishedRun(server, integrationId, last.id);
  await report("collect_next", server, metrics, next, await usedNext());
}

/** Processor time of both processes from now on; nearly all of it is the run's, since both rest otherwise. */
async function cpuMeter(server: TestServer) {
  const pids = [server.process.pid ?? 0, process.pid] as const;
  const before = await Promise.all(pids.map(cpuSeconds));
  return async () => {
    const after = await Promise.all(pids.map(cpuSeconds));
    const [serverCpuSeconds, simulatorCpuSeconds] = after.map((seconds, index) =>
      round(seconds - (before[index] ?? 0)),
    );
    return { serverCpuSeconds, simulatorCpuSeconds };
  };
}

/** The integration is due every minute, so a run comes by itself. Asked for seldom, since asking takes time of the machine. */
async function finishedRun(server: TestServer, integrationId: string, after?: string): Promise<Run> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    const { items } = await server.api("GET", `/api/v1/integrations/${integrationId}/runs?limit=1`);
    const [run] = items;
    if (run && run.id !== after && run.state !== "running") return run;
    await sleep(askEveryMs);
  }
  throw new Error("No run came to its end.");
}

async function report(
  figure: string,
  server: TestServer,
  metrics: number,
  run: Run,
  cpu: object,
): Promise<void> {
  if (run.state !== "succeeded") throw new Error(`The run ${run.state}: ${JSON.stringify(run.error)}`);
  const seconds = (Date.parse(run.finishedAt ?? "") - Date.parse(run.startedAt)) / 1000;
  print({
    figure,
    metrics,
    statistics: statistics.length,
    seconds,
    ...cpu,
    metricsPerSecond: Math.round(run.metricsListed / seconds),
    pointsPerSecond: Math.round(run.pointsStored / seconds),
    listed: run.metricsListed,
    series: run.seriesStored,
    points: run.pointsStored,
    added: run.pointsAdded,
    calls: run.apiCalls,
    usd: run.costUsd,
    serverPeakMiB: Math.round(await residentMiB(server.process.pid ?? 0, "VmHWM")),
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function print(figure: object): void {
  console.log(JSON.stringify(figure));
}
