/**
 * How true a collection is after days of trouble: `npm run bench -- collect-truth [--days 10] [--metrics 60] [--statistics
 * Average,Sum] [--period 60] [--poll 5] [--model-period 300] [--only ours|models] [--verbose]`. Late points, throttling, failed results, outages, restarts and kills as
 * in `test/support/trial/schedule.ts`; then the same days without trouble, to compare the calls, and the
 * same days of trouble with models of other collectors, each at its own usual period. One JSON line per figure.
 */
import { spawn } from "node:child_process";
import { text as readAll } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { createSimulator, usualLatePoints } from "../simulator/index.ts";
import { createLog } from "../src/base/index.ts";
import { createSettableClock } from "../test/support/settable-clock.ts";
import { connectInProcess, trialRegion } from "../test/support/trial/aws-in-process.ts";
import { type ComparedMetrics, type Comparison, compareWithTruth } from "../test/support/trial/compare.ts";
import { openEngine } from "../test/support/trial/engine.ts";
import { quiet, type Schedule, type Span, usualTroubles } from "../test/support/trial/schedule.ts";
import { liveThrough, type Usage, type UsageByHour } from "../test/support/trial/trial.ts";
import { cloudwatchExporter } from "./models/cloudwatch-exporter.ts";
import type { Model } from "./models/model.ts";
import { otel } from "./models/otel.ts";
import { createModelPuller } from "./models/puller.ts";
import { telegraf } from "./models/telegraf.ts";
import { yace } from "./models/yace.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    days: { type: "string", default: "10" },
    "days-after": { type: "string", default: "4" },
    metrics: { type: "string", default: "60" },
    statistics: { type: "string", default: "Average,Sum" },
    period: { type: "string", default: "60" },
    poll: { type: "string", default: "5" },
    "model-period": { type: "string", default: "300" },
    only: { type: "string" },
    seed: { type: "string", default: "1" },
    verbose: { type: "boolean", default: false },
  },
});
const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 10, 2);
const span = { startMs, days: Number(values.days), daysAfter: Number(values["days-after"]) };
const statistics = values.statistics.split(",");
const log = values.verbose ? createLog({ level: "warn", format: "text" }) : undefined;

/** Their users pull them apart from the others, so the models do not. */
const slowNamespaces = ["AWS/S3", "AWS/Billing"];

/** Hosts that are born and die; always there, and not counted. */
const changing = "MyApp/Workers";

/** Whole namespaces until there are as many metrics as wanted: the slow ones, which are the hardest, among the first. */
const namespacesInOrder = [
  "AWS/RDS",
  "AWS/S3",
  "AWS/Billing",
  "MyApp",
  "AWS/Lambda",
  "AWS/SQS",
  "AWS/ApplicationELB",
  "AWS/DynamoDB",
  "AWS/EC2",
  "AWS/EBS",
];

if (values.only === "faultless") {
  const { figures, usage } = await measureOurs(quiet(span));
  print({ figure: "truth_faultless", collector: "nephoscope", ...figures, byHour: [...usage] });
} else {
  if (values.only !== "models") await measureBoth();
  if (values.only !== "ours")
    for (const model of [yace, telegraf, otel, cloudwatchExporter]) await measureModel(model);
}

/** The days without trouble are lived through in a process of its own, since a process has one embedded store. */
async function measureBoth(): Promise<void> {
  const elsewhere = faultlessInChild();
  const schedule = usualTroubles(span);
  const troubled = await measureOurs(schedule);
  print({ figure: "truth", collector: "nephoscope", ...troubled.figures });
  const { byHour, ...faultless } = await elsewhere;
  print(faultless);
  printRatios(troubled.usage, new Map(byHour), schedule);
}

async function faultlessInChild(): Promise<{ byHour: [number, Usage][] }> {
  const child = spawn(process.execPath, [...process.argv.slice(1), "--only", "faultless"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const text = await readAll(child.stdout);
  if (text === "") throw new Error("The days without trouble came to no end.");
  return JSON.parse(text);
}

async function measureOurs(schedule: Schedule) {
  const began = performance.now();
  const world = createTrialWorld();
  const engine = await openEngine({
    ...world,
    namespaces: world.compared.namespaces,
    statistics,
    periodSeconds: Number(values.period),
    pollMinutes: Number(values.poll),
    ...(log && { log }),
  });
  try {
    const usage = await liveThrough({ ...world, puller: engine }, schedule, showDay);
    const comparison = await compareWithTruth(world.simulator, engine, world.compared, schedule.compared);
    return { usage, figures: figuresOf(comparison, usage, began) };
  } finally {
    await engine.close();
  }
}

/** None of them looks back, so an hour after the last day there is nothing left to wait for. */
async function measureModel(model: Model): Promise<void> {
  const began = performance.now();
  const schedule = usualTroubles({ ...span, daysAfter: 1 / 24 });
  const { simulator, clock, keys, compared: all } = createTrialWorld();
  const periodSeconds = Number(values["model-period"]);
  const namespaces = all.namespaces.filter((namespace) => !slowNamespaces.includes(namespace));
  const compared = { ...all, namespaces, periodSeconds };
  const settings = {
    namespaces,
    statistics,
    periodMs: periodSeconds * 1000,
    pollMs: Number(values.poll) * 60_000,
  };
  const aws = connectInProcess(simulator, keys);
  const puller = createModelPuller(model, settings, { aws, clock });
  const usage = await liveThrough({ simulator, clock, puller }, schedule);
  const comparison = await compareWithTruth(simulator, puller, compared, schedule.compared);
  print({
    figure: "truth",
    collector: model.name,
    assumes: model.assumes,
    periodSeconds,
    ...figuresOf(comparison, usage, began),
    whileRunning: await sharesWhileRunning(comparison, schedule, (stopped) =>
      compareWithTruth(simulator, puller, compared, stopped),
    ),
  });
}

/** Without the points of the time in which nothing was running, which a collector that never looks back cannot have. */
async function sharesWhileRunning(
  all: Comparison,
  { stopped }: Schedule,
  compare: (span: Span) => Promise<Comparison>,
) {
  const left = { points: all.points, equal: all.equal, missing: all.missing, wrong: all.wrong };
  for (const span of stopped) {
    const counts = await compare(span);
    for (const field of Object.keys(left) as (keyof typeof left)[]) left[field] -= counts[field];
  }
  return sharesOf(left);
}

function sharesOf({
  equal,
  missing,
  points,
  wrong,
}: Pick<Comparison, "points" | "equal" | "missing" | "wrong">) {
  return { equalShare: equal / points, missingShare: missing / points, wrongShare: wrong / points };
}

function createTrialWorld() {
  const clock = createSettableClock(startMs);
  const simulator = createSimulator({
    seed: Number(values.seed),
    clock,
    latePoints: usualLatePoints,
    turnover: { bornEveryMs: 20 * hourMs, livesMs: 30 * hourMs },
    regions: [trialRegion],
  });
  const { accounts, seeded } = simulator;
  const accountId = seeded.productionAccountId;
  const keys = accounts.addAccessKey(accounts.addUser({ accountId, name: "trial" }));
  const compared: ComparedMetrics = {
    accountId,
    region: trialRegion,
    namespaces: namespacesFor(simulator, accountId, Number(values.metrics)),
    statistics,
    periodSeconds: Number(values.period),
  };
  return { simulator, clock, keys, compared };
}

function namespacesFor(
  simulator: ReturnType<typeof createSimulator>,
  accountId: string,
  wanted: number,
): string[] {
  const { metrics } = simulator.world.catalogue(accountId, trialRegion);
  const countUpTo = (last: number) =>
    metrics.filter(
      ({ namespace }) =>
        namespacesInOrder.indexOf(namespace) <= last && namespacesInOrder.includes(namespace),
    ).length;
  const last = namespacesInOrder.findIndex((_, index) => countUpTo(index) >= wanted);
  return [changing, ...namespacesInOrder.slice(0, last < 0 ? namespacesInOrder.length : last + 1)];
}

function figuresOf({ worst, ...counts }: Comparison, usage: UsageByHour, began: number) {
  const total = sum(usage, () => true);
  return {
    ...counts,
    ...sharesOf(counts),
    ...total,
    seconds: Math.round((performance.now() - began) / 1000),
    ...(values.verbose && { worst }),
  };
}

/** Calls of the troubled days for each call of the faultless ones, in and out of the worst hour, and while the collector ran. */
function printRatios(ours: UsageByHour, faultless: UsageByHour, schedule: Schedule): void {
  const during = (spans: readonly Span[]) => (hour: number) =>
    spans.some(
      ({ fromMs, toMs }) => startMs + (hour + 1) * hourMs > fromMs && startMs + hour * hourMs < toMs,
    );
  const worst = during(schedule.throttled);
  const stopped = during([...schedule.stopped, ...schedule.away]);
  const parts = {
    worst_hour: worst,
    other_hours: (hour: number) => !worst(hour),
    other_hours_while_running: (hour: number) => !worst(hour) && !stopped(hour),
  };
  for (const [part, wanted] of Object.entries(parts)) {
    const [mine, theirs] = [sum(ours, wanted), sum(faultless, wanted)];
    print({
      figure: `calls_${part}`,
      dataCalls: round(mine.dataCalls / theirs.dataCalls),
      allCalls: round((mine.dataCalls + mine.listCalls) / (theirs.dataCalls + theirs.listCalls)),
      metricsRequested: round(mine.metricsRequested / theirs.metricsRequested),
      troubled: mine,
      faultless: theirs,
    });
  }
}

function sum(usage: UsageByHour, wanted: (hour: number) => boolean) {
  const total = { dataCalls: 0, listCalls: 0, metricsRequested: 0 };
  for (const [hour, counts] of usage) {
    if (!wanted(hour)) continue;
    for (const field of Object.keys(total) as (keyof typeof total)[]) total[field] += counts[field];
  }
  return total;
}

function showDay(day: number): void {
  if (values.verbose) console.error(`day ${day}`);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function print(figure: object): void {
  console.log(JSON.stringify(figure));
}
