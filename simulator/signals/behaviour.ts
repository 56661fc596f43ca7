import { unit, wander } from "./hash.ts";

/** What a metric's values look like. Factors of 1 mean "does not react". */
export interface Behaviour {
  /**
   * `gauge`: a few samples around a level. `tally`: each sample is 1, so that Sum and SampleCount count events.
   * `duration`: one skewed sample per event.
   */
  readonly kind: "gauge" | "tally" | "duration";
  /** Level on an ordinary weekday at the middle of the daily cycle; for a tally, events per period. */
  readonly base: number;
  /** Part of the base by which the daily cycle rises and falls. */
  readonly daily?: number;
  /** Level at weekends as a factor. */
  readonly weekend?: number;
  /** Part of the level by which it wanders. */
  readonly noise?: number;
  /** Samples a period; for durations the events a period. */
  readonly samples?: number;
  /** Distance of minimum and maximum from the mean as a part of it; for durations the sigma of the log-normal. */
  readonly spread?: number;
  readonly floor?: number;
  readonly ceiling?: number;
  /** Factor at the height of an incident of the metric's application. */
  readonly incident?: number;
  /** Factor during the few minutes of a deployment. */
  readonly deploy?: number;
  /** `growth` rises slowly for ever; `month-to-date` rises to the base over a month and starts again. */
  readonly shape?: "load" | "growth" | "month-to-date";
  readonly whole?: boolean;
}

export interface SignalContext {
  /** Seed of the account: incidents and deployments are common to all metrics of one application in it. */
  readonly accountSeed: number;
  readonly application: string | undefined;
  /** Applications that take turns at having the incident of the day. */
  readonly applications: readonly string[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Mean of the metric in the period that starts at `atMs`. */
export function levelAt(seed: number, behaviour: Behaviour, context: SignalContext, atMs: number): number {
  const level = behaviour.base * shapeFactor(behaviour, atMs) * noiseFactor(seed, behaviour, atMs);
  const disturbed =
    level * incidentFactor(behaviour, context, atMs) * deployFactor(seed, behaviour, context, atMs);
  const bounded = Math.min(
    behaviour.ceiling ?? Number.POSITIVE_INFINITY,
    Math.max(behaviour.floor ?? 0, disturbed),
  );
  return behaviour.whole ? Math.round(bounded) : bounded;
}

/** The hours in which one application of an account fails, once a day; used by the request log of the demo too. */
export function incidentOf(
  accountSeed: number,
  applications: readonly string[],
  day: number,
): { application: string | undefined; startMs: number; endMs: number } {
  const startMs = day * dayMs + (5 + Math.floor(unit(accountSeed, day * 3) * 15)) * hourMs;
  const lengthMs = (50 + unit(accountSeed, day * 3 + 1) * 80) * minuteMs;
  const application = applications[Math.floor(unit(accountSeed, day * 3 + 2) * applications.length)];
  return { application, startMs, endMs: startMs + lengthMs };
}

function shapeFactor(behaviour: Behaviour, atMs: number): number {
  if (behaviour.shape === "growth") return 1 + 0.0015 * ((atMs - Date.UTC(2026, 0, 1)) / dayMs);
  if (behaviour.shape === "month-to-date") return monthElapsed(atMs);
  const { cycle, weekend } = phaseAt(atMs);
  return (1 + (behaviour.daily ?? 0) * cycle) * (weekend ? (behaviour.weekend ?? 1) : 1);
}

interface Phase {
  readonly atMs: number;
  /** From -1 at two in the night to 1 at two in the afternoon. */
  readonly cycle: number;
  readonly weekend: boolean;
}

/** The last phase of each slot: thousands of metrics are asked about the same few minutes. */
const phases: Phase[] = [];
const phasesMax = 4_096;

function phaseAt(atMs: number): Phase {
  const slot = Math.abs(Math.floor(atMs / minuteMs)) % phasesMax;
  const known = phases[slot];
  if (known?.atMs === atMs) return known;
  const hour = (atMs % dayMs) / hourMs;
  const weekday = new Date(atMs).getUTCDay();
  const phase = {
    atMs,
    cycle: Math.cos(((hour - 14) / 24) * 2 * Math.PI),
    weekend: weekday === 0 || weekday === 6,
  };
  phases[slot] = phase;
  return phase;
}

function monthElapsed(atMs: number): number {
  const date = new Date(atMs);
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return (atMs - start) / (end - start);
}

function noiseFactor(seed: number, behaviour: Behaviour, atMs: number): number {
  // A bill that rises must not fall in between because of noise.
  if (behaviour.shape === "month-to-date" || behaviour.noise === 0) return 1;
  const minute = Math.floor(atMs / minuteMs);
  const noise = wander(seed, minute, 47) * 0.7 + (unit(seed ^ 0x5bd1e995, minute) * 2 - 1) * 0.3;
  return 1 + (behaviour.noise ?? 0.1) * noise;
}

/** Rises in the first tenth of the incident, falls in the last fifth. */
function incidentFactor(behaviour: Behaviour, context: SignalContext, atMs: number): number {
  const peak = behaviour.incident ?? 1;
  if (peak === 1 || context.application === undefined) return 1;
  const day = Math.floor(atMs / dayMs);
  const incident = incidentOf(context.accountSeed, context.applications, day);
  if (incident.application !== context.application || atMs < incident.startMs || atMs >= incident.endMs)
    return 1;
  const done = (atMs - incident.startMs) / (incident.endMs - incident.startMs);
  return 1 + (peak - 1) * Math.min(1, (done + 0.01) * 10, (1 - done) * 5);
}

const deployMinutes = [10 * 60 + 15, 15 * 60 + 45] as const;
const deployLengthMinutes = 8;

/** Monday to Thursday at two fixed times: a short disturbance, and a small lasting step that each day brings. */
function deployFactor(seed: number, behaviour: Behaviour, context: SignalContext, atMs: number): number {
  if (behaviour.deploy === undefined || context.application === undefined) return 1;
  const day = Math.floor(atMs / dayMs);
  const minuteOfDay = (atMs % dayMs) / minuteMs;
  const weekday = new Date(atMs).getUTCDay();
  const deploys = weekday >= 1 && weekday <= 4;
  const during = deployMinutes.some(
    (start) => minuteOfDay >= start && minuteOfDay < start + deployLengthMinutes,
  );
  const lastDeployDay = deploys && minuteOfDay >= deployMinutes[0] ? day : day - 1;
  const step = 1 + 0.06 * (unit(seed ^ 0x27d4eb2f, lastDeployDay) - 0.5);
  return step * (deploys && during ? behaviour.deploy : 1);
}
