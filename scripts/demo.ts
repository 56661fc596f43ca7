/**
 * `npm run demo`: the server, a simulated AWS beside it, a credential that assumes a role with an external ID, an integration
 * that collects two regions every minute, and an application that logs with an API key. Runs until it is interrupted and goes on
 * with the same data the next time.
 * `npm run demo -- --once` does one round on free ports with its data in a temporary folder and exits: 0 when all of it worked.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type RunningSimulator, startSimulator, usualLatePoints } from "../simulator/index.ts";
import { createReleasers } from "../src/base/index.ts";
import { startServer, type TestServer } from "../test/support/server.ts";
import { connectDemo, type Demo } from "./demo/connect.ts";
import { collectLogRound } from "./demo/log-round.ts";
import { startLogSender } from "./demo/log-sender.ts";
import { type DemoLogs, prepareLogs } from "./demo/logs.ts";
import { collectPromises } from "./demo/promises.ts";
import { collectReport } from "./demo/report.ts";
import { waitForRun } from "./demo/wait-for-run.ts";

/** The simulated account answers on this machine, which a server refuses to connect to unless told. */
const demoEnvironment = { NEPHO_ALLOW_PRIVATE_ENDPOINTS: "true" };

const simulatorPort = 8090;

const { values } = parseArgs({ options: { once: { type: "boolean", default: false } } });
const releasers = createReleasers();
const interrupted = new Promise<NodeJS.Signals>((done) => {
  process.once("SIGINT", done);
  process.once("SIGTERM", done);
});

try {
  await demonstrate(values.once);
} catch (error) {
  console.error(`The demo failed: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await releasers.release((name, error) => console.error(`Stopping ${name} failed:`, error));
}

async function demonstrate(once: boolean): Promise<void> {
  const startedAt = new Date();
  console.log("Starting a simulated AWS and the server.");
  const aws = await startSimulatedAws(once);
  releasers.add("the simulated AWS", () => aws.close());
  const server = await startServer(once ? { environment: demoEnvironment } : await standingOptions());
  releasers.add("the server", () => stopServer(server));
  // A second run would store late points of the first one's window, and what is counted below would be more than it stored.
  const demo = await connectDemo(server, aws, { refreshMinutes: once ? 60 : 1 });
  console.log(`Connected ${demo.identity} through ${aws.seeded.roleArn}, external ID made by the server.`);
  const logs = await prepareLogs(server);
  console.log(`\n${await collectLogRound(server, logs)}`);
  if (!once) {
    const sender = startLogSender(server.endpointUrl, logs);
    releasers.add("the application that logs", () => sender.stop());
  }
  console.log("\nWaiting for the first run.");
  const run = await Promise.race([waitForRun(server, demo.integrationId, startedAt), interrupted]);
  if (typeof run === "string") return;
  console.log(`\n${await collectReport(server, run)}`);
  console.log(`\n${await collectPromises(server, demo.integrationId)}`);
  if (once) return;
  addTroubles(aws);
  printDirections(server, demo, logs);
  await Promise.race([interrupted, failWhenServerEnds(server)]);
  console.log(`\nStopping; the data stays in ${server.directory}.`);
}

/**
 * On the same port each time, so that a run which starts before the credential is renewed finds it; on a free one when that port is
 * taken.
 */
async function startSimulatedAws(once: boolean): Promise<RunningSimulator> {
  const options = { latePoints: usualLatePoints };
  try {
    return await startSimulator(once ? options : { ...options, port: simulatorPort });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return startSimulator(options);
  }
}

/** From the first run on AWS has its bad moments, so that there is something to owe and to pay. */
function addTroubles({ simulator }: RunningSimulator): void {
  const reading = { service: "monitoring", operation: "GetMetricData" } as const;
  simulator.faults.add({ ...reading, kind: "throttle", rate: 0.02 });
  simulator.faults.add({ ...reading, kind: "internal-error", rate: 0.2, resultRate: 0.01 });
}

/** The public addresses, or what the caller's environment says; the data stays. */
async function standingOptions() {
  const given = Object.entries(process.env).filter(([name]) => name.startsWith("NEPHO_"));
  const directory = resolve(process.env.NEPHO_DATA_DIR ?? "data-demo");
  if (existsSync(directory)) console.log(`Going on with the data in ${directory}.`);
  return {
    directory,
    environment: {
      NEPHO_CONSOLE_LISTEN: "127.0.0.1:8080",
      NEPHO_ENDPOINT_LISTEN: "127.0.0.1:8088",
      ...(Object.fromEntries(given) as Record<string, string>),
      ...demoEnvironment,
      NEPHO_DATA_DIR: directory,
    },
  };
}

function printDirections(server: TestServer, demo: Demo, logs: DemoLogs): void {
  const nepho = (command: string) =>
    `NEPHO_DATA_DIR=${server.directory} npx nepho ${command} --url ${server.consoleUrl}`;
  console.log(`
Console:    ${server.consoleUrl}
Sign in as: ${server.firstRun.adminUser}; the password ${passwordPlace(server)}
Metrics:    ${nepho("metrics query AWS/EC2 CPUUtilization")}
Logs:       ${server.consoleUrl}/logs, or
            ${nepho(`logs tail ${logs.group} '?ERROR ?error'`)}
It collects every minute (integration ${demo.integrationId}) and logs a few events a second to ${logs.group}. Ctrl-C stops it.`);
}

/** One that the caller's environment set is written nowhere. */
function passwordPlace({ firstRun, directory }: TestServer): string {
  return firstRun.adminPassword
    ? `stands in ${resolve(directory, "first-run.json")}`
    : "is that of NEPHO_ADMIN_PASSWORD";
}

/** Ctrl-C at a terminal reaches the server as well; a second signal would cut its orderly stop short. */
async function stopServer(server: TestServer): Promise<void> {
  const signal = await Promise.race([interrupted, undefined]);
  const told = signal === "SIGINT" && process.stdin.isTTY;
  if (told && server.process.exitCode === null)
    await new Promise((done) => server.process.once("exit", done));
  await server.stop();
}

async function failWhenServerEnds(server: TestServer): Promise<never> {
  const code = await new Promise((done) => server.process.once("exit", done));
  throw new Error(`the server ended with exit code ${code}:\n${server.output()}`);
}
