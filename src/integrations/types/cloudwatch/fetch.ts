import type { Clock } from "../../../base/index.ts";
import { withinTime } from "../../connection.ts";
import type { CloudWatchClients, ListedMetric, MetricDataPage } from "./client.ts";
import type { Batch, ResourceTags } from "./collect.ts";
import { knownNamespace } from "./names.ts";
import type { Tags } from "./tags.ts";
import type { TimeRange } from "./window.ts";

export interface FetchDeps {
  readonly clients: CloudWatchClients;
  readonly clock: Clock;
  readonly signal: AbortSignal;
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

/**
 * Follows page tokens to the end. A token that came before would lead round in a circle for ever, so it ends the paging, as
 * does the bound.
 */
export async function followPages<T extends { readonly nextToken?: string | undefined }>(
  read: (nextToken: string | undefined) => Promise<T>,
  pagesMax: number,
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
    if (pages.length >= pagesMax) return { pages, cut: `more than ${pagesMax} pages` };
    seen.add(token);
  }
}

/** What ListMetrics gives for the namespaces; none means all. */
export async function discoverMetrics(
  deps: FetchDeps,
  namespaces: readonly string[],
): Promise<{ metrics: ListedMetric[]; cut: string | undefined }> {
  if (namespaces.length === 0) return listMetrics(deps, undefined);
  const metrics: ListedMetric[] = [];
  const spelledOtherwise: string[] = [];
  let cut: string | undefined;
  for (const namespace of new Set(namespaces.map((name) => knownNamespace(name) ?? name))) {
    const found = await listMetrics(deps, namespace);
    if (found.metrics.length === 0 && knownNamespace(namespace) === undefined)
      spelledOtherwise.push(namespace);
    metrics.push(...found.metrics);
    cut ??= found.cut;
  }
  if (spelledOtherwise.length === 0) return { metrics, cut };
  const others = await listOtherSpellings(deps, spelledOtherwise);
  return { metrics: [...metrics, ...others.metrics], cut: cut ?? others.cut };
}

/** AWS compares namespaces with their case and the settings do not: what gave nothing is looked for among all. */
async function listOtherSpellings(deps: FetchDeps, namespaces: readonly string[]) {
  const wanted = new Set(namespaces.map((name) => name.toLowerCase()));
  const all = await listMetrics(deps, undefined);
  return { ...all, metrics: all.metrics.filter(({ namespace }) => wanted.has(namespace.toLowerCase())) };
}

async function listMetrics(deps: FetchDeps, namespace: string | undefined) {
  const { pages, cut } = await followPages(
    (nextToken) =>
      call(deps, (signal) => deps.clients.listMetrics({ ...given({ namespace, nextToken }) }, signal)),
    listPagesMax,
  );
  return { metrics: pages.flatMap((page) => page.metrics), cut: cut && `ListMetrics: ${cut}` };
}

export function fetchBatch(deps: FetchDeps, batch: Batch, range: TimeRange): Promise<Paged<MetricDataPage>> {
  return followPages(
    (nextToken) =>
      call(deps, (signal) =>
        deps.clients.getMetricData({ queries: batch.queries, ...range, nextToken }, signal),
      ),
    dataPagesMax,
  );
}

export function fetchUnit(
  deps: FetchDeps,
  { periodSeconds, ...metric }: ListedMetric & { periodSeconds: number },
  at: number,
): Promise<string | undefined> {
  return call(deps, (signal) => deps.clients.getUnit({ metric, at, periodSeconds }, signal));
}

/** Tags of all instances and volumes that have any. */
export async function fetchResourceTags(
  deps: FetchDeps,
  resourceTypes: readonly ("ec2:instance" | "ec2:volume")[],
): Promise<ResourceTags> {
  const tags = new Map<string, Tags>();
  for (const resourceType of resourceTypes) {
    const { pages } = await followPages(
      (nextToken) =>
        call(deps, (signal) =>
          deps.clients.listResourceTags({ resourceType, ...given({ nextToken }) }, signal),
        ),
      tagPagesMax,
    );
    for (const resource of pages.flatMap((page) => page.resources)) tags.set(resource.id, resource.tags);
  }
  return tags;
}

export function fetchAccountAliases(deps: FetchDeps): Promise<readonly string[]> {
  return call(deps, (signal) => deps.clients.listAccountAliases(signal));
}

function call<T>(deps: FetchDeps, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withinTime(deps.clock, callTimeoutMs, work, deps.signal);
}

function given<T extends Record<string, string | undefined>>(object: T): { [K in keyof T]?: string } {
  const kept = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: string };
}
