import type { Clock } from "../base/index.ts";
import { createTokenBucket, type TokenBucket } from "./pacer-bucket.ts";
import { createIdleMap } from "./pacer-idle-map.ts";
import { createFairQueue, type FairQueue, type Queued } from "./pacer-queue.ts";
import { ageOf, awsQuotas, type EstimatedPoints, type PacerQuotas } from "./pacer-quotas.ts";

/** Whose quota a call counts against. */
export interface PacedPlace {
  readonly accountId: string;
  readonly region: string;
  readonly operation: string;
}

export interface PacedCall extends PacedPlace {
  readonly integrationId: string;
  /** Of GetMetricData. */
  readonly points?: EstimatedPoints | undefined;
}

/** Keeps the calls of all integrations within AWS's quotas of their accounts. */
export interface Pacer {
  /** Resolves when the call may be made; rejects with the signal's reason when it aborts before. */
  take(call: PacedCall, signal: AbortSignal): Promise<void>;
  /** AWS has refused a call: the others who use this quota leave less of it than was thought. */
  throttled(place: PacedPlace): void;
}

export interface PacerDependencies {
  readonly clock: Clock;
  readonly quotas?: PacerQuotas;
  /** Part of each quota to use at most, from 0 to 1; the rest is for the customer's own tools. */
  readonly share?: number;
  readonly observe?: ((wait: { operation: string; waitMs: number }) => void) | undefined;
}

/** Below this part of a quota nobody gets anywhere; AWS's refusals then hold the calls back. */
const partMin = 0.02;
/** Several answers to calls that were under way together are one message. */
const oneMessageMs = 1_000;
/** Half a minute from half of the quota to all of it: slow enough to find it full once in a while only. */
const recoveryPerSecond = 0.02;
/** By then every bucket is full again and every part recovered, so forgetting it changes nothing. */
const idleMs = 60_000;
/** Rates recover while somebody waits, so a wait is reckoned anew this often. */
const reckonMs = 1_000;
/** In the cost of one small call. A batch over 15 minutes costs 2, one over three hours 25, the largest about 100. */
const quantum = 4;

interface Waiter {
  readonly points: number;
  readonly since: number;
  grant(): void;
}

/** The calls that count against one quota of points, or against none. */
interface Lane {
  readonly queue: FairQueue<Waiter>;
  readonly pointsPerSecond: number;
  readonly points: TokenBucket | undefined;
  /** When a call of it was last let through; of two lanes that are ready the one that waited longer goes first. */
  servedAt: number;
}

interface Group {
  readonly operation: string;
  readonly callsPerSecond: number;
  readonly calls: TokenBucket;
  readonly lanes: Map<string, Lane>;
  /** Part of our share that AWS is thought to allow now: halved when it refuses, growing back steadily. */
  part: number;
  countedAt: number;
  throttledAt: number;
  pause: AbortController | undefined;
}

/**
 * Token buckets for calls and for estimated points, per account, region and operation. Who waits for the same bucket is
 * served by deficit round robin over integrations, weighted by what a call costs of the quota. No process asks another how much
 * it uses: each halves its rate when AWS refuses and raises it steadily, which makes them share a quota about evenly.
 */
export function createPacer(dependencies: PacerDependencies): Pacer {
  const { clock, quotas = awsQuotas, share = 0.8, observe } = dependencies;
  const groups = createIdleMap<Group>({ clock, idleMs, isBusy: hasWaiters });
  const groupOf = (place: PacedPlace): Group =>
    groups.get(JSON.stringify([place.accountId, place.region, place.operation]), () =>
      createGroup(place.operation, quotas, share, clock.monotonic()),
    );

  /** Lets through who may go now, and comes back when the next one may. */
  const pump = (group: Group): void => {
    group.pause?.abort();
    group.pause = undefined;
    for (;;) {
      const now = clock.monotonic();
      recover(group, now);
      const next = nextOf(group, now);
      if (!next) return;
      if (next.waitMs > 0) {
        pumpLater(group, Math.min(Math.ceil(next.waitMs), reckonMs));
        return;
      }
      serve(group, next, now);
      observe?.({ operation: group.operation, waitMs: now - next.queued.item.since });
    }
  };
  const pumpLater = (group: Group, waitMs: number): void => {
    const pause = new AbortController();
    group.pause = pause;
    clock.sleep(waitMs, pause.signal).then(
      () => pump(group),
      () => {},
    );
  };

  return {
    take: (call, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const group = groupOf(call);
        const now = clock.monotonic();
        const lane = laneOf(group, call.points && ageOf(call.points, clock.now()), quotas, share, now);
        const points = call.points?.count ?? 0;
        const giveUp = () => {
          lane.queue.remove(queued, "gave up");
          reject(signal.reason);
          pump(group);
        };
        const grant = () => {
          signal.removeEventListener("abort", giveUp);
          resolve();
        };
        const queued = lane.queue.add(call.integrationId, costOf(points, lane, group), {
          points,
          since: now,
          grant,
        });
        signal.addEventListener("abort", giveUp, { once: true });
        pump(group);
      }),
    throttled: (place) => {
      const group = groupOf(place);
      const now = clock.monotonic();
      if (now - group.throttledAt < oneMessageMs) return;
      recover(group, now);
      group.throttledAt = now;
      group.part = Math.max(partMin, group.part / 2);
      setRates(group, now);
      for (const bucket of bucketsOf(group)) bucket.drain(now);
      pump(group);
    },
  };
}

function createGroup(operation: string, quotas: PacerQuotas, share: number, now: number): Group {
  const callsPerSecond = (quotas.callsPerSecond[operation] ?? quotas.otherCallsPerSecond) * share;
  return {
    operation,
    callsPerSecond,
    calls: createTokenBucket(callsPerSecond, now),
    lanes: new Map(),
    part: 1,
    countedAt: now,
    throttledAt: Number.NEGATIVE_INFINITY,
    pause: undefined,
  };
}

function laneOf(
  group: Group,
  age: "recent" | "older" | undefined,
  quotas: PacerQuotas,
  share: number,
  now: number,
): Lane {
  const name = age ?? "no points";
  const known = group.lanes.get(name);
  if (known) return known;
  const perSecond = age === "recent" ? quotas.recentPointsPerSecond : quotas.olderPointsPerSecond;
  const pointsPerSecond = perSecond * share;
  const lane: Lane = {
    queue: createFairQueue(quantum),
    pointsPerSecond,
    points: age && createTokenBucket(pointsPerSecond, now),
    servedAt: Number.NEGATIVE_INFINITY,
  };
  group.lanes.set(name, lane);
  setRates(group, now);
  return lane;
}

/** In calls: how many small ones could have been made of the same part of the quotas. */
function costOf(points: number, lane: Lane, group: Group): number {
  return Math.max(1, points / (lane.pointsPerSecond / group.callsPerSecond));
}

function bucketsOf(group: Group): TokenBucket[] {
  return [group.calls, ...[...group.lanes.values()].flatMap(({ points }) => (points ? [points] : []))];
}

function hasWaiters(group: Group): boolean {
  return [...group.lanes.values()].some(({ queue }) => queue.size > 0);
}

function setRates(group: Group, now: number): void {
  group.calls.setRate(group.callsPerSecond * group.part, now);
  for (const { points, pointsPerSecond } of group.lanes.values())
    points?.setRate(pointsPerSecond * group.part, now);
}

function recover(group: Group, now: number): void {
  const elapsedMs = now - group.countedAt;
  group.countedAt = now;
  if (group.part >= 1) return;
  group.part = Math.min(1, group.part + (elapsedMs / 1000) * recoveryPerSecond);
  setRates(group, now);
}

interface Next {
  readonly lane: Lane;
  readonly queued: Queued<Waiter>;
  readonly waitMs: number;
}

/** The first of each lane is fixed, however long it must wait, or small calls would keep a large one from ever being made. */
function nextOf(group: Group, now: number): Next | undefined {
  let best: Next | undefined;
  const callMs = group.calls.waitMs(1, now);
  for (const lane of group.lanes.values()) {
    const queued = lane.queue.peek();
    if (!queued) continue;
    const waitMs = Math.max(callMs, lane.points?.waitMs(queued.item.points, now) ?? 0);
    const sooner = !best || waitMs < best.waitMs;
    if (sooner || (waitMs === best?.waitMs && lane.servedAt < best.lane.servedAt))
      best = { lane, queued, waitMs };
  }
  return best;
}

function serve(group: Group, { lane, queued }: Next, now: number): void {
  lane.queue.remove(queued, "served");
  lane.servedAt = now;
  group.calls.take(1, now);
  lane.points?.take(queued.item.points, now);
  queued.item.grant();
}
