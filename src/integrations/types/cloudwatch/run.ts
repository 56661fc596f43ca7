import { AppError } from "../../../base/index.ts";
import type { AwsFailure } from "../../connection.ts";
import { compilePattern } from "../../patterns.ts";
import {
  type CollectContext,
  type CollectProblem,
  type CollectResult,
  CredentialsFailure,
  RunLostError,
} from "../integration-type.ts";
import { createCloudWatchClients } from "./client.ts";
import { type Batch, type MapContext, mapAnswer, planBatches, selectMetrics } from "./collect.ts";
import { asCloudWatchConfig, type CloudWatchConfig, defaultStatistics } from "./config.ts";
import {
  discoverMetrics,
  type FetchDeps,
  fetchAccountAliases,
  fetchBatch,
  fetchResourceTags,
  readTags,
} from "./fetch.ts";
import { checkpointScope, type Kind, kindOf, paceOf, regionsToPull, wantedKinds } from "./kinds.ts";
import { chargedMetrics, usdOfCall, usdPerMetricRequested } from "./pricing.ts";
import { createUnitSeeker, type UnitSeeker } from "./units.ts";
import { completeTo, planWindow, type TimeRange, type WindowPlan } from "./window.ts";

/** Calls of one region at a time; well below AWS's 50 a second. */
const batchesAtOnce = 3;

/** So many batches in a row failing means the region, not a batch, has trouble. */
const failuresInRowMax = 3;

/** A range that AWS has answered incompletely so often is taken as it is, so that it does not hold up and cost for ever. */
export const incompleteTriesMax = 5;

interface Region {
  readonly context: CollectContext;
  readonly config: CloudWatchConfig;
  readonly name: string;
  readonly deps: FetchDeps;
  readonly units: UnitSeeker;
  readonly problems: CollectProblem[];
}

/** Pulls one region after the other; one that fails does not keep the others from being pulled. */
export async function collectCloudWatch(context: CollectContext): Promise<CollectResult> {
  const config = asCloudWatchConfig(context.integration.config);
  const wantsTag = compilePattern(config.pointTagFilterRegex, "cloudWatch.pointTagFilterRegex");
  const account = await describeAccount(context);
  const problems: CollectProblem[] = [];
  let [someComplete, behind] = [false, false];
  for (const { name, config: wanted } of regionsToPull(config, context.session.region)) {
    const region = openRegion(context, wanted, name, problems);
    const map: MapContext = {
      accountId: account.id,
      region: name,
      accountAlias: account.alias,
      tags: context.integration.additionalTags,
      wantsTag: (key) => config.pointTagFilterRegex !== "" && wantsTag.matches(key),
    };
    const outcome = await guard(region, () => collectRegion(region, map));
    someComplete ||= outcome?.complete ?? false;
    behind ||= outcome?.behind ?? false;
  }
  return { problems, someComplete, someStored: context.progress.pointsStored > 0, behind };
}

function openRegion(
  context: CollectContext,
  config: CloudWatchConfig,
  name: string,
  problems: CollectProblem[],
): Region {
  const session = context.session.withAccounting((call) => {
    if (call.ok) context.progress.costUsd += usdOfCall(call.operation);
  });
  const deps = {
    clients: createCloudWatchClients(session, name),
    clock: context.clock,
    signal: context.signal,
  };
  const units = createUnitSeeker(deps, context.units, (error) =>
    context.log.debug("A metric's unit could not be read.", { error, region: name }),
  );
  return { context, config, name, deps, units, problems };
}

/** The alias is a nicety that most roles do not allow to read: without it there is just no tag. */
async function describeAccount(context: CollectContext): Promise<{ id: string; alias: string | undefined }> {
  const { session, clock, signal, log } = context;
  const identity = await session.identity();
  const deps = { clients: createCloudWatchClients(session, session.region), clock, signal };
  const aliases = await fetchAccountAliases(deps).catch((error: unknown) => {
    signal.throwIfAborted();
    log.debug("The account's alias is not known.", { error });
    return [];
  });
  return { id: identity.accountId, alias: aliases[0] };
}

/** Runs one step; a failure is noted, unless it means that the whole run must end. */
async function guard<T>(region: Region, step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    region.context.signal.throwIfAborted();
    noteFailure(region, error);
    return undefined;
  }
}

function noteFailure({ context, name, problems }: Region, error: unknown): void {
  if (isOurOwn(error)) throw error;
  const failure = context.classify(error);
  if (failure.disables) throw new CredentialsFailure(failure, name);
  problems.push({ region: name, failure });
}

/** Errors of our own stores end the run; only AWS's belong to a batch. */
function isOurOwn(error: unknown): boolean {
  return error instanceof AppError || error instanceof RunLostError || error instanceof CredentialsFailure;
}

interface RegionOutcome {
  readonly complete: boolean;
  readonly behind: boolean;
}

async function collectRegion(region: Region, map: MapContext): Promise<RegionOutcome> {
  const { context, config, name } = region;
  const due = (await planKinds(region)).filter(({ plan }) => plan.ranges.length > 0);
  if (due.length === 0) return { complete: true, behind: false };
  for (const { kind, plan } of due) notePlan(region, plan, kind);
  const { metrics: listed, cut } = await discoverMetrics(region.deps, config.namespaces);
  if (cut) region.problems.push({ region: name, failure: incomplete([cut]) });
  context.progress.metricsListed += listed.length;
  const forPoints = config.pointTagFilterRegex !== "";
  const { tags, unselectable } = await readTags(config, { forPoints }, (types) =>
    guard(region, () => fetchResourceTags(region.deps, types)),
  );
  const wanted = listed.filter(({ namespace }) => !unselectable.includes(namespace));
  const selected = selectMetrics(wanted, config, tags);
  const discovery = { complete: cut === undefined && unselectable.length === 0 };
  const outcome = { complete: true, behind: false };
  for (const planned of due) {
    const batches = planBatches(
      selected.filter((metric) => kindOf(metric) === planned.kind),
      config.statistics ?? defaultStatistics,
      paceOf(planned.kind, config).periodSeconds,
    );
    const { complete, behind } = await collectRanges(region, { ...planned, batches, map, discovery });
    outcome.complete &&= complete;
    outcome.behind ||= behind;
  }
  return outcome;
}

interface PlannedKind {
  readonly kind: Kind | undefined;
  readonly scope: string;
  readonly plan: WindowPlan;
  /** How often the oldest range has come back incomplete before. */
  readonly tries: number;
}

function planKinds({ context, config, name }: Region): Promise<PlannedKind[]> {
  return Promise.all(
    wantedKinds(config).map(async (kind) => {
      const scope = checkpointScope(name, kind);
      const checkpoint = await context.checkpoints.get(scope);
      const plan = planWindow(context.clock.now(), paceOf(kind, config), checkpoint);
      return { kind, scope, plan, tries: checkpoint?.incompleteTries ?? 0 };
    }),
  );
}

/** The window of the run is that of the usual metrics; the slow ones look back over days. */
function notePlan({ context, name, problems }: Region, plan: WindowPlan, kind: Kind | undefined): void {
  const { progress } = context;
  const [first, last] = kind ? [] : [plan.all[0], plan.all.at(-1)];
  if (first) progress.windowFrom = Math.min(progress.windowFrom ?? first.from, first.from);
  if (last) progress.windowTo = Math.max(progress.windowTo ?? last.to, last.to);
  if (!plan.lost) return;
  const [from, to] = [plan.lost.from, plan.lost.to].map((time) => new Date(time).toISOString());
  problems.push({
    region: name,
    failure: incomplete([`AWS no longer keeps ${from} to ${to} at this period`]),
  });
}

interface RangesTask extends PlannedKind {
  readonly batches: readonly Batch[];
  readonly map: MapContext;
  readonly discovery: { readonly complete: boolean };
}

async function collectRanges(region: Region, task: RangesTask): Promise<RegionOutcome> {
  const { plan, tries, discovery } = task;
  const { progress } = region.context;
  const done = new Set<TimeRange>();
  const most = { series: 0, metrics: 0 };
  let [failed, incompleteTries] = [false, 0];
  for (const range of plan.ranges) {
    const outcome = await collectRange(region, range, task);
    most.series = Math.max(most.series, outcome.series);
    most.metrics = Math.max(most.metrics, outcome.metrics);
    const holes = outcome.state !== "failed" && !(outcome.state === "complete" && discovery.complete);
    if (holes && range === plan.all[0]) incompleteTries = tries + 1;
    if (outcome.state === "complete" && !holes) done.add(range);
    if (incompleteTries >= incompleteTriesMax) {
      done.add(range);
      incompleteTries = 0;
    }
    await moveCheckpoint(region, task, done, incompleteTries);
    failed ||= outcome.state === "failed" || holes;
    // What failed for one range will fail for the next; it is tried again in the next run.
    if (outcome.state === "failed") break;
  }
  progress.seriesStored += most.series;
  progress.metricsStored += most.metrics;
  return { complete: !failed, behind: !failed && plan.ranges.length < plan.all.length };
}

/** Forward over what is stored without a hole; otherwise it stays and remembers how often it had to. */
async function moveCheckpoint(
  { context }: Region,
  { plan, scope }: PlannedKind,
  done: ReadonlySet<TimeRange>,
  incompleteTries: number,
): Promise<void> {
  const storedTo = completeTo(plan.all, (range) => done.has(range));
  if (storedTo !== undefined) return context.checkpoints.set(scope, { storedTo, incompleteTries });
  if (incompleteTries === 0) return;
  const stored = await context.checkpoints.get(scope);
  await context.checkpoints.set(scope, { storedTo: stored?.storedTo ?? plan.all[0]!.from, incompleteTries });
}

interface RangeOutcome {
  state: "complete" | "incomplete" | "failed";
  series: number;
  metrics: number;
}

/** All batches of one range, a few at a time. Each is stored as it comes and fails alone. */
async function collectRange(
  region: Region,
  range: TimeRange,
  { batches, map }: RangesTask,
): Promise<RangeOutcome> {
  const queue = batches.values();
  const outcome: RangeOutcome = { state: "complete", series: 0, metrics: 0 };
  let failuresInRow = 0;
  const work = async () => {
    for (const batch of queue) {
      if (failuresInRow >= failuresInRowMax) return;
      const stored = await guard(region, () => collectBatch(region, range, batch, map)).catch(
        (error: unknown) => {
          failuresInRow = failuresInRowMax;
          throw error;
        },
      );
      failuresInRow = stored === undefined ? failuresInRow + 1 : 0;
      if (stored === undefined) outcome.state = "failed";
      else if (!stored.complete && outcome.state === "complete") outcome.state = "incomplete";
      outcome.series += stored?.series ?? 0;
      outcome.metrics += stored?.metrics ?? 0;
    }
  };
  // All have to end before the run goes on or stops: a batch must not be written after its run is recorded.
  const ends = await Promise.allSettled(Array.from({ length: batchesAtOnce }, work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return outcome;
}

/** Stores what came, also when AWS says that it is not all. */
async function collectBatch(region: Region, range: TimeRange, batch: Batch, map: MapContext) {
  const { context } = region;
  const { progress } = context;
  const askedAt = context.clock.now();
  const { low } = chargedMetrics(batch.metrics, batch.queries.length / batch.metrics);
  progress.costUsd += low * usdPerMetricRequested;
  const { pages, cut } = await fetchBatch(region.deps, batch, range);
  const { series: mapped, metrics, incomplete: missing } = mapAnswer(batch, pages, map);
  const series = await region.units.complete(mapped);
  if (series.length > 0) await context.write(series, { askedAt });
  for (const { points } of series) {
    progress.pointsStored += points.length;
    progress.latestPointAt = Math.max(progress.latestPointAt ?? 0, points.at(-1)?.timestampMs ?? 0);
  }
  const reasons = cut ? [...missing, `GetMetricData: ${cut}`] : missing;
  if (reasons.length > 0) region.problems.push({ region: region.name, failure: incomplete(reasons) });
  return { complete: reasons.length === 0, series: series.length, metrics };
}

function incomplete(reasons: readonly string[]): AwsFailure {
  return {
    cause: "UNKNOWN",
    rawCode: null,
    message: `The data is not complete: ${reasons.join("; ")}.`,
    advice: ["Nothing to do: the time range is asked for again with the next run."],
    disables: false,
  };
}
