/**
 * That a hung and a huge integration delay nobody: `npm run bench -- fair [--integrations 200] [--minutes 12] [--interval 5]`.
 *
 * One server with its embedded stores and its usual settings, and a simulated AWS beside it. All integrations are created by
 * one script, one after the other. One is in an AWS whose CloudWatch never answers, one has fifty times the metrics of the
 * others; all others are alike. The figures are seconds between when a run was due and its start, as the server logs them: of the
 * first runs, which are all due at once and read three hours; of turns that came due while first runs were still to be done;
 * and of all later turns.
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type RunningSimulator, startSimulator } from "../simulator/index.ts";
import { startServer, type TestServer } from "../test/support/server.ts";
import { residentMiB } from "./resident.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    integrations: { type: "string", default: "200" },
    minutes: { type: "string", default: "12" },
    interval: { type: "string", default: "5" },
  },
});
/** Of which a simulated account has 51 metrics. */
const usualNamespaces = ["AWS/SQS", "AWS/Lambda"];
const hugeMetrics = 50 * 51;

type Kind = "usual" | "hung" | "huge";

interface EndedRun {
  readonly kind: Kind;
  readonly state: string;
  readonly trigger: string;
  /** When it ended. */
  readonly time: string;
  readonly startDelayMs: number;
  readonly durationMs: number;
  readonly metricsListed: number;
}

const regions = ["us-east-1"];
const clouds: Record<Kind, RunningSimulator> = {
  usual: await startSimulator({ regions }),
  hung: await startSimulator({ regions }),
  huge: await startSimulator({ regions, metricsPerAccount: hugeMetrics }),
};
const server = await startServer({ environment: { NEPHO_ALLOW_PRIVATE_ENDPOINTS: "true" } });
try {
  const kinds = await createAll(server);
  await sleep(Number(values.minutes) * 60_000);
  const runs = endedRuns(server, kinds);
  const first = runs.filter(({ trigger }) => trigger === "create");
  const turns = runs.filter(({ trigger }) => trigger === "schedule");
  const firstDoneAt = Math.max(...first.map(endOf));
  const [meanwhile, later] = [true, false].map((early) =>
    turns.filter((run) => dueAtOf(run) < firstDoneAt === early),
  );
  for (const kind of ["usual", "huge", "hung"] as const) {
    report("start_delay_first_s", kind, first);
    report("start_delay_meanwhile_s", kind, meanwhile ?? []);
    report("start_delay_s", kind, later ?? []);
  }
  print({ figure: "fair_load_average", value: loadavg().map((load) => Math.round(load * 10) / 10) });
  const peak = Math.round(await residentMiB(server.process.pid ?? 0, "VmHWM"));
  print({ figure: "fair_server_peak_mib", value: peak });
} finally {
  await server.stop();
  await Promise.all(Object.values(clouds).map((cloud) => cloud.close()));
}

/** The two that are special stand among the others, not at an end. */
async function createAll(server: TestServer): Promise<Map<string, Kind>> {
  const count = Number(values.integrations);
  const special: Record<number, Kind> = { [Math.floor(count / 4)]: "hung", [Math.floor(count / 2)]: "huge" };
  const credentials = {
    usual: await createCredential(server, "usual"),
    hung: await createCredential(server, "hung"),
    huge: await createCredential(server, "huge"),
  };
  clouds.hung.simulator.faults.add({ service: "monitoring", kind: "hang" });
  const kinds = new Map<string, Kind>();
  const began = performance.now();
  for (let number = 0; number < count; number++) {
    const kind = special[number] ?? "usual";
    const { response } = await server.api("POST", "/api/v2/cloudintegration", {
      name: `Integration ${number} (${kind})`,
      service: "CLOUDWATCH",
      credentialId: credentials[kind],
      serviceRefreshRateInMins: Number(values.interval),
      cloudWatch: {
        regions,
        statistics: ["Average"],
        ...(kind !== "huge" && { namespaces: usualNamespaces }),
      },
    });
    kinds.set(response.id, kind);
  }
  print({ figure: "fair_created", integrations: count, seconds: seconds(performance.now() - began) });
  return kinds;
}

async function createCredential(server: TestServer, kind: Kind): Promise<string> {
  const { simulator, url } = clouds[kind];
  const { seeded, accounts } = simulator;
  const externalId = (await server.api("POST", "/api/v2/cloudintegration/awsExternalId")).response;
  accounts.setExternalIds(seeded.roleArn, [externalId]);
  const { id } = await server.api("POST", "/api/v1/credentials", {
    name: `The ${kind} account`,
    method: "keys",
    region: "us-east-1",
    accessKeyId: seeded.accessKeyId,
    secretAccessKey: seeded.secretAccessKey,
    endpoints: { default: url, sts: url },
    roleChain: [{ roleArn: seeded.roleArn, externalIdSource: "generated", externalId }],
  });
  return id;
}

/** The server writes a line for each run. */
function endedRuns(server: TestServer, kinds: ReadonlyMap<string, Kind>): EndedRun[] {
  return server
    .output()
    .split("\n")
    .filter((line) => line.includes('"A run ended."'))
    .map((line) => JSON.parse(line))
    .flatMap((run) => {
      const kind = kinds.get(run.integrationId);
      return kind ? [{ ...run, kind }] : [];
    });
}

function endOf({ time }: EndedRun): number {
  return Date.parse(time);
}

function dueAtOf(run: EndedRun): number {
  return endOf(run) - run.durationMs - run.startDelayMs;
}

function report(figure: string, kind: Kind, runs: readonly EndedRun[]): void {
  const own = runs.filter((run) => run.kind === kind);
  const states = Object.groupBy(own, ({ state }) => state);
  print({
    figure,
    kind,
    runs: own.length,
    metrics: Math.max(0, ...own.map(({ metricsListed }) => metricsListed)),
    states: Object.fromEntries(Object.entries(states).map(([state, list]) => [state, list?.length])),
    ...quantiles(own.map(({ startDelayMs }) => startDelayMs)),
    durationS: quantiles(own.map(({ durationMs }) => durationMs)),
  });
}

function quantiles(values: number[]) {
  const sorted = values.sort((a, b) => a - b);
  const at = (part: number) => seconds(sorted[Math.ceil(sorted.length * part) - 1] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}

function print(figure: object): void {
  console.log(JSON.stringify(figure));
}
