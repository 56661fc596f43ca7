import type { KeyRange } from "../integration-type.ts";
import type { ListedMetric } from "./client.ts";

/** No name holds a tab, and a tab sorts before anything that a name may hold. */
const separator = "\t";
/** Sorts right behind a key and before every key that begins with it. */
const justBehind = "\u0001";

export const allKeys: KeyRange = { fromKey: null, toKey: null };

/** Names a metric within a region: namespace, name, owning account and dimensions in alphabetical order. */
export function metricKey({ accountId, namespace, metricName, dimensions }: ListedMetric): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  const pairs = names.map((name) => `${name}=${dimensions[name]}`);
  return [namespace, metricName, accountId ?? "", ...pairs].join(separator);
}

export function onlyKey(key: string): KeyRange {
  return { fromKey: key, toKey: key + justBehind };
}

export function isAllKeys({ fromKey, toKey }: KeyRange): boolean {
  return fromKey === null && toKey === null;
}

export function hasKey({ fromKey, toKey }: KeyRange, key: string): boolean {
  return (fromKey === null || key >= fromKey) && (toKey === null || key < toKey);
}

/** What two ranges have in common; undefined when that is nothing. */
export function intersect(a: KeyRange, b: KeyRange): KeyRange | undefined {
  const fromKey = a.fromKey === null || (b.fromKey !== null && b.fromKey > a.fromKey) ? b.fromKey : a.fromKey;
  const toKey = a.toKey === null || (b.toKey !== null && b.toKey < a.toKey) ? b.toKey : a.toKey;
  return fromKey !== null && toKey !== null && fromKey >= toKey ? undefined : { fromKey, toKey };
}

/** Those of the metrics, which are in the order of their keys, that lie in the range. */
export function sliceByKeys<T extends { readonly key: string }>(
  metrics: readonly T[],
  range: KeyRange,
): readonly T[] {
  if (isAllKeys(range)) return metrics;
  const start = range.fromKey === null ? 0 : firstNotBefore(metrics, range.fromKey);
  const end = range.toKey === null ? metrics.length : firstNotBefore(metrics, range.toKey);
  return metrics.slice(start, end);
}

function firstNotBefore(metrics: readonly { readonly key: string }[], key: string): number {
  let [low, high] = [0, metrics.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (metrics[middle]!.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/**
 * 52 bits that are very likely different for different keys, as a number: enough to tell metrics that were read before from
 * those that were not.
 */
export function hashOfKey(key: string): number {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let index = 0; index < key.length; index++) {
    const code = key.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return (a >>> 0) * 2 ** 20 + ((b >>> 0) & 0xfffff);
}
