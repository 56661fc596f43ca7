/**
 * What happens at twice the rate that can be sustained: `npm run bench -- ingest-overload [--seconds 60] [--batch 100]`.
 *
 * First the sustainable rate (eight connections, each waiting for its answers), then twice as many requests a second over 256
 * connections, whatever the answers do. Memory has to stay bounded, every refusal has to be 429 or 503 and say when to come back,
 * and everything acknowledged has to be stored in the end.
 */
import { parseArgs } from "node:util";
import { startServer, type TestServer } from "../test/support/server.ts";
import { type LogTarget, makeLogTarget } from "./load/account.ts";
import { prepareSender, type SenderPlan, type SenderReport } from "./load/sending.ts";
import { forgetPeak, residentMiB } from "./resident.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { seconds: { type: "string", default: "60" }, batch: { type: "string", default: "100" } },
});
const seconds = Number(values.seconds);
const batch = Number(values.batch);

const server = await startServer();
try {
  const calm = await makeLogTarget(server, "calm");
  const sustainable = await send(server, { ...calm, requests: 1_000_000, connections: 8, secondsMax: 15 });
  const rate = (sustainable.statuses["200"] ?? 0) / sustainable.seconds;
  const calmMiB = await residentMiB(server.process.pid ?? 0, "VmHWM");

  await forgetPeak(server.process.pid ?? 0);
  const crowd = await makeLogTarget(server, "crowd");
  const requestsPerSecond = rate * 2;
  const requests = Math.round(requestsPerSecond * seconds);
  const overload = await send(server, {
    ...crowd,
    requests,
    connections: 256,
    requestsPerSecond,
    secondsMax: seconds,
  });
  const peakMiB = await residentMiB(server.process.pid ?? 0, "VmHWM");

  const acknowledged = (overload.statuses["200"] ?? 0) * batch;
  const stored = await countStored(server, crowd);
  const answered = Object.entries(overload.statuses);
  const otherRefusals = answered.filter(([status]) => !["200", "429", "503"].includes(status));
  const figures = {
    sustainableEventsPerSecond: Math.round(rate * batch),
    offeredEventsPerSecond: Math.round(rate * batch * 2),
    acknowledgedEventsPerSecond: Math.round(acknowledged / overload.seconds),
    statuses: overload.statuses,
    refusalsWithoutRetryAfter: overload.withoutRetryAfter,
    otherRefusals: otherRefusals.reduce((sum, [, count]) => sum + count, 0),
    lost: Math.max(0, acknowledged - stored),
    calmPeakMiB: Math.round(calmMiB),
    peakMiB: Math.round(peakMiB),
    p99Ms: Math.round(overload.latencyMs.p99),
  };
  console.log(JSON.stringify({ figure: "ingest_overload", seconds, batch, ...figures }));
  if (figures.lost + figures.refusalsWithoutRetryAfter + figures.otherRefusals > 0) process.exitCode = 1;
} finally {
  await server.stop();
}

/** Reading millions of events page by page would take many times the minute that wrote them. */
async function countStored(server: TestServer, { group }: LogTarget): Promise<number> {
  const hourMs = 3_600_000;
  const range = {
    from: new Date(Date.now() - hourMs).toISOString(),
    to: new Date(Date.now() + hourMs).toISOString(),
  };
  const query = new URLSearchParams({ group, ...range });
  return (await server.api<{ total: number }>("GET", `/api/v1/logs/histogram?${query}`)).total;
}

/** Few different requests are enough here, and a minute of all different ones would not fit into memory. */
async function send(
  { endpointUrl }: TestServer,
  plan: Pick<
    SenderPlan,
    "key" | "group" | "stream" | "requests" | "connections" | "requestsPerSecond" | "secondsMax"
  >,
): Promise<SenderReport> {
  const sender = await prepareSender({
    ...plan,
    url: endpointUrl,
    format: "nd-json",
    batch,
    firstEvent: 0,
    pool: 2000,
  });
  return sender.send();
}
