import type { Listing, Listings } from "../integration-type.ts";
import type { ListedMetric } from "./client.ts";
import {
  createSeriesShelf,
  type MapContext,
  type ResourceTags,
  type SelectedMetric,
  type SeriesShelf,
  selectMetrics,
} from "./collect.ts";
import type { CloudWatchConfig } from "./config.ts";
import { byKey } from "./keys.ts";
import type { Tags } from "./tags.ts";

/** AWS itself lists a new metric up to a quarter of an hour late, so asking more often would find little. */
export const listingAgeMax = 15 * 60_000;

/** A listing that fails is replaced by the last good one, which may be so old. */
const staleAgeMax = 3 * 3_600_000;

/** A metric that a listing leaves out is asked for so long all the same: pages of a listing get lost. */
const unlistedGraceMs = 3_600_000;

/** What a region lists and the settings want of it. */
export interface Discovery {
  readonly listedAt: number;
  readonly listed: number;
  /** In the order of their keys. */
  readonly metrics: readonly SelectedMetric[];
  /** Metrics that the last listing left out, and when they were listed last. */
  readonly unlisted: ReadonlyMap<SelectedMetric, number>;
  readonly names: Listing["names"];
  /** False when something is left out that could not be listed or selected. */
  readonly complete: boolean;
  readonly shelf: SeriesShelf;
}

/** What a listing gave, and the tags that go with it. */
export interface ListedRegion {
  readonly listed: readonly ListedMetric[];
  readonly tags: ResourceTags;
  /** Namespaces whose selection cannot be applied, so that nothing of them is taken. */
  readonly unselectable: readonly string[];
  /** False when the listing broke off: the next run lists again. */
  readonly complete: boolean;
}

/** A listing that is young enough, or else a new one; when that fails, an older one. */
export async function cachedDiscovery(
  deps: { listings: Listings; now: number; key: string },
  discover: (previous: Discovery | undefined) => Promise<Discovery | undefined>,
): Promise<{ discovery: Discovery | undefined; fresh: boolean }> {
  const previous = deps.listings.get<Discovery>(deps.key);
  if (previous && deps.now - previous.listedAt < listingAgeMax) return { discovery: previous, fresh: false };
  const discovery = await discover(previous);
  if (discovery) {
    deps.listings.set(deps.key, discovery, discovery.metrics.length);
    return { discovery, fresh: true };
  }
  const usable = previous && deps.now - previous.listedAt < staleAgeMax;
  return { discovery: usable ? previous : undefined, fresh: false };
}

/** Metrics that were there before stay the same objects, and their series with them. */
export function toDiscovery(
  region: ListedRegion,
  options: { now: number; config: CloudWatchConfig; map: MapContext; previous: Discovery | undefined },
): Discovery {
  const { now, config, map, previous } = options;
  const wanted = region.listed.filter(({ namespace }) => !region.unselectable.includes(namespace));
  const selected = selectMetrics(wanted, config, region.tags);
  const known = new Map(previous?.metrics.map((metric) => [metric.key, metric]));
  const found = new Map<string, SelectedMetric>();
  for (const metric of selected) found.set(metric.key, sameOr(metric, known.get(metric.key)));
  const unlisted = stillAsked(previous, found, now);
  const metrics = [...found.values(), ...unlisted.keys()].sort(byKey);
  const shelf = previous && isSame(previous.shelf.context, map) ? previous.shelf : createSeriesShelf(map);
  return {
    listedAt: region.complete ? now : now - listingAgeMax,
    listed: region.listed.length,
    metrics,
    unlisted,
    names: countNames(region.listed, metrics),
    complete: region.complete,
    shelf,
  };
}

function sameOr(metric: SelectedMetric, known: SelectedMetric | undefined): SelectedMetric {
  return known && isSame(known.resourceTags, metric.resourceTags) ? known : metric;
}

function isSame(a: MapContext | Tags, b: MapContext | Tags): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function stillAsked(
  previous: Discovery | undefined,
  found: ReadonlyMap<string, SelectedMetric>,
  now: number,
): Map<SelectedMetric, number> {
  const unlisted = new Map<SelectedMetric, number>();
  for (const metric of previous?.metrics ?? []) {
    if (found.has(metric.key)) continue;
    const listedAt = previous?.unlisted.get(metric) ?? previous?.listedAt ?? now;
    if (now - listedAt < unlistedGraceMs) unlisted.set(metric, listedAt);
  }
  return unlisted;
}

/** Names come from whoever writes metrics, so none of them may become the name of anything of ours. */
function countNames(listed: readonly ListedMetric[], selected: readonly ListedMetric[]): Listing["names"] {
  const names = new Map<string, Map<string, [number, number]>>();
  const count = (metrics: readonly ListedMetric[], place: 0 | 1) => {
    for (const { namespace, metricName } of metrics) {
      const counts = names.get(namespace) ?? new Map<string, [number, number]>();
      const pair = counts.get(metricName) ?? [0, 0];
      pair[place]++;
      names.set(namespace, counts.set(metricName, pair));
    }
  };
  count(listed, 0);
  count(selected, 1);
  return Object.fromEntries(Array.from(names, ([name, counts]) => [name, Object.fromEntries(counts)]));
}
