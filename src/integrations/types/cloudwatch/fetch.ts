import { type EstimatedPoints, estimatePoints } from "../../../aws/index.ts";
import type { Clock } from "../../../base/index.ts";
import { withinTime } from "../../connection.ts";
import type { CloudWatchClients, ListedMetric, MetricDataPage } from "./client.ts";
import type { Batch, ResourceTags } from "./collect.ts";
import type { CloudWatchConfig } from "./config.ts";
import { knownNamespace } from "./names.ts";
import { instanceSelection, type Tags, volumeSelection } from "./tags.ts";
import type { TimeRange } from "./window.ts";

export interface FetchDeps {
  readonly clients: CloudWatchClients;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Waits for the call's turn, as long as that takes; the time of the call itself begins after it. */
  readonly pace?: ((call: PacedRequest) => Promise<void>) | undefined;
}

export interface PacedRequest {
  readonly operation: string;
  readonly points?: EstimatedPoints | undefined;
}

/** Longer than the SDK's own attempts together; what hangs beyond that is cut off. */
export const callTimeoutMs = 90_000;

/** 500 metrics a page: a quarter of a million metrics. */
const listPagesMax = 500;
/** One batch over one range is planned to fit in a page. */
const dataPagesMax = 50;
/** 100 resources a page. */
const tagPagesMax = 1000;

/** Pages as far as they could be had. `cut` says why there are no more although AWS promised some. */
export interface Paged<T> {
  readonly pages: readonly T[];
  readonly cut: string | undefined;
}

/** Asked before each further page: why there is to be none, if so. */
export type StopEarly = () => string | undefined;
const goOn: StopEarly = () => undefined;

/**
 * Follows page tokens to the end. A token that came before would lead round in a circle for ever, so it ends the paging, as
 * does the bound.
 */
export async function followPages<T extends { readonly nextToken?: string | undefined }>(
  read: (nextToken: string | undefined) => Promise<T>,
  pagesMax: number,
  stop: StopEarly = goOn,
): Promise<Paged<T>> {
  const seen = new Set<string>();
  const pages: T[] = [];
  let token: string | undefined;
  for (;;) {
    const page = await read(token);
    pages.push(page);
    token = page.nextToken || undefined;
    if (token === undefined) return { pages, cut: undefined };
    if (seen.has(token)) return { pages, cut: "AWS sent the same page token twice" };
    const stopped = stop();
    if (stopped) return { pages, cut: stopped };
    if (pages.length >= pagesMax) return { pages, cut: `more than ${pagesMax} pages` };
    seen.add(token);
  }
}

/** What ListMetrics gives for the namespaces; none means all. */
export async function discoverMetrics(
  deps: FetchDeps,
  namespaces: readonly string[],
  stop: StopEarly = goOn,
): Promise<{ metrics: ListedMetric[]; cut: string | undefined }> {
  if (namespaces.length === 0) return listMetrics(deps, undefined, stop);
  const metrics: ListedMetric[] = [];
  const spelledOtherwise: string[] = [];
  let cut: string | undefined;
  for (const namespace of new Set(namespaces.map((name) => knownNamespace(name) ?? name))) {
    const stopped = stop();
    if (stopped) return { metrics, cut: cut ?? stopped };
    const found = await listMetrics(deps, namespace, stop);
    if (found.metrics.length === 0 && knownNamespace(namespace) === undefined)
      spelledOtherwise.push(namespace);
    metrics.push(...found.metrics);
    cut ??= found.cut;
  }
  if (spelledOtherwise.length === 0) return { metrics, cut };
  const stopped = stop();
  if (stopped) return { metrics, cut: cut ?? stopped };
  const others = await listOtherSpellings(deps, spelledOtherwise, stop);
  return { metrics: [...metrics, ...others.metrics], cut: cut ?? others.cut };
}

/** AWS compares namespaces with their case and the settings do not: what gave nothing is looked for among all. */
async function listOtherSpellings(deps: FetchDeps, namespaces: readonly string[], stop: StopEarly) {
  const wanted = new Set(namespaces.map((name) => name.toLowerCase()));
  const all = await listMetrics(deps, undefined, stop);
  return { ...all, metrics: all.metrics.filter(({ namespace }) => wanted.has(namespace.toLowerCase())) };
}

async function listMetrics(deps: FetchDeps, namespace: string | undefined, stop: StopEarly) {
  const { pages, cut } = await followPages(
    (nextToken) =>
      call(deps, { operation: "ListMetrics" }, (signal) =>
        deps.clients.listMetrics({ ...given({ namespace, nextToken }) }, signal),
      ),
    listPagesMax,
    stop,
  );
  return { metrics: pages.flatMap((page) => page.metrics), cut: cut && `ListMetrics: ${cut}` };
}

/** `onCall` is told of every page before it is asked for. */
export function fetchBatch(
  deps: FetchDeps,
  batch: Batch,
  range: TimeRange,
  { onCall, stop }: { onCall?: () => void; stop?: StopEarly } = {},
): Promise<Paged<MetricDataPage>> {
  const request = { operation: "GetMetricData", points: estimatePoints(batch.queries, range) };
  return followPages(
    (nextToken) => {
      onCall?.();
      return call(deps, request, (signal) =>
        deps.clients.getMetricData({ queries: batch.queries, ...range, nextToken }, signal),
      );
    },
    dataPagesMax,
    stop,
  );
}

export function fetchUnit(
  deps: FetchDeps,
  { periodSeconds, ...metric }: ListedMetric & { periodSeconds: number },
  at: number,
): Promise<string | undefined> {
  return call(deps, { operation: "GetMetricStatistics" }, (signal) =>
    deps.clients.getUnit({ metric, at, periodSeconds }, signal),
  );
}

type ResourceType = "ec2:instance" | "ec2:volume";

/**
 * Tags of instances and volumes, when a setting needs them; `fetch` gives none when they cannot be read. Metrics that a selection
 * applies to are then to be left out, since pulling all of them is what the selection was to prevent.
 */
export async function readTags(
  config: CloudWatchConfig,
  { forPoints }: { forPoints: boolean },
  fetch: (types: readonly ResourceType[]) => Promise<ResourceTags | undefined>,
): Promise<{ tags: ResourceTags; unselectable: readonly string[] }> {
  const [instances, volumes] = [instanceSelection(config), volumeSelection(config)];
  const types: ResourceType[] = [
    ...(instances || forPoints ? (["ec2:instance"] as const) : []),
    ...(volumes || forPoints ? (["ec2:volume"] as const) : []),
  ];
  if (types.length === 0) return { tags: new Map(), unselectable: [] };
  const tags = await fetch(types);
  if (tags) return { tags, unselectable: [] };
  return {
    tags: new Map(),
    unselectable: [...(instances ? ["AWS/EC2"] : []), ...(volumes ? ["AWS/EBS"] : [])],
  };
}

/** Tags of all instances and volumes that have any. */
export async function fetchResourceTags(
  deps: FetchDeps,
  resourceTypes: readonly ResourceType[],
  stop: StopEarly = goOn,
): Promise<ResourceTags> {
  const tags = new Map<string, Tags>();
  for (const resourceType of resourceTypes) {
    const { pages } = await followPages(
      (nextToken) =>
        call(deps, { operation: "GetResources" }, (signal) =>
          deps.clients.listResourceTags({ resourceType, ...given({ nextToken }) }, signal),
        ),
      tagPagesMax,
      stop,
    );
    for (const resource of pages.flatMap((page) => page.resources)) tags.set(resource.id, resource.tags);
  }
  return tags;
}

export function fetchAccountAliases(deps: FetchDeps): Promise<readonly string[]> {
  return call(deps, { operation: "ListAccountAliases" }, (signal) => deps.clients.listAccountAliases(signal));
}

async function call<T>(
  deps: FetchDeps,
  request: PacedRequest,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await deps.pace?.(request);
  return withinTime(deps.clock, callTimeoutMs, work, deps.signal);
}

function given<T extends Record<string, string | undefined>>(object: T): { [K in keyof T]?: string } {
  const kept = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: string };
}
