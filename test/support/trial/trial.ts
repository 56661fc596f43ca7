import type { Simulator } from "../../../simulator/index.ts";
import type { SettableClock } from "../settable-clock.ts";
import type { Puller } from "./puller.ts";
import { applyFaults, type Schedule, turningPoints, within } from "./schedule.ts";

/** What AWS counted. */
export interface Usage {
  /** GetMetricData, refused attempts included. */
  readonly dataCalls: number;
  readonly listCalls: number;
  /** What AWS bills. */
  readonly metricsRequested: number;
}

/** Usage by hour of simulated time, counted from the start. */
export type UsageByHour = ReadonlyMap<number, Usage>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Lets a collector live through the schedule: the clock jumps from one thing that happens to the next, and nothing waits in
 * real time but for work to be done.
 */
export async function liveThrough(
  { simulator, clock, puller }: { simulator: Simulator; clock: SettableClock; puller: Puller },
  schedule: Schedule,
  onDay: (day: number) => void = () => {},
): Promise<UsageByHour> {
  const usage = new Map<number, Usage>();
  const turns = turningPoints(schedule);
  const { fromMs } = schedule.compared;
  let running = false;
  let day = 0;
  const doWork = async () => {
    const hour = Math.floor((clock.now() - fromMs) / hourMs);
    const before = usageOf(simulator);
    await puller.work();
    add(usage, hour, before, usageOf(simulator));
  };
  const beginSpan = async () => {
    const now = clock.now();
    applyFaults(simulator, schedule, now);
    const wanted = !within(schedule.stopped, now);
    const restart = schedule.restarts.find(({ atMs }) => atMs === now);
    if (running && restart?.kind === "kill") puller.killDuringNextPoll();
    if (running && (!wanted || restart?.kind === "stop")) {
      await puller.stop();
      running = false;
    }
    if (wanted && !running) {
      await puller.start();
      running = true;
    }
    if (running) await doWork();
  };

  await beginSpan();
  while (clock.now() < schedule.endMs) {
    const turn = turns.find((at) => at > clock.now()) ?? schedule.endMs;
    const due = running ? await puller.nextAt() : turn;
    // What is due already and was not done waits for the next turn of the collector, a second later.
    clock.advance(Math.min(turn, Math.max(due, clock.now() + 1_000)) - clock.now());
    if (clock.now() === turn) await beginSpan();
    else await doWork();
    if ((clock.now() - fromMs) / dayMs < day + 1) continue;
    day = Math.floor((clock.now() - fromMs) / dayMs);
    onDay(day);
  }
  await puller.stop();
  return usage;
}

function usageOf({ calls }: Simulator): Usage {
  return {
    dataCalls: calls.count("monitoring", "GetMetricData"),
    listCalls: calls.count("monitoring", "ListMetrics"),
    metricsRequested: calls.metricsRequested,
  };
}

function add(usage: Map<number, Usage>, hour: number, before: Usage, after: Usage): void {
  const known = usage.get(hour) ?? { dataCalls: 0, listCalls: 0, metricsRequested: 0 };
  usage.set(hour, {
    dataCalls: known.dataCalls + after.dataCalls - before.dataCalls,
    listCalls: known.listCalls + after.listCalls - before.listCalls,
    metricsRequested: known.metricsRequested + after.metricsRequested - before.metricsRequested,
  });
}
