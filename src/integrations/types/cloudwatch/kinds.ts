import { partitionOfRegion } from "../../../contract/index.ts";
import { scopeName } from "../../collection/scopes.ts";
import type { ListedMetric } from "./client.ts";
import { type CloudWatchConfig, defaultPeriodSeconds } from "./config.ts";
import { type Pace, slowPace, usualPace } from "./window.ts";

/** Metrics that are asked for together, and how; each kind has a checkpoint of its own. */
export interface Kind {
  readonly name: string;
  readonly namespace: string;
  /** No finer points exist, so a window of a few hours would hardly ever hold one. */
  readonly periodSeconds: number;
  /** Told apart from the namespace's other metrics by this dimension. */
  readonly dimension?: string;
}

const slowKinds: readonly Kind[] = [
  { name: "s3-storage", namespace: "AWS/S3", periodSeconds: 86_400, dimension: "StorageType" },
  { name: "s3-storage-lens", namespace: "AWS/S3/Storage-Lens", periodSeconds: 86_400 },
  { name: "billing", namespace: "AWS/Billing", periodSeconds: 21_600 },
];

/** The kinds that the settings want; undefined stands for all metrics that are not slow. */
export function wantedKinds({ namespaces }: CloudWatchConfig): (Kind | undefined)[] {
  const wanted = new Set(namespaces.map((namespace) => namespace.toLowerCase()));
  const slow = slowKinds.filter(({ namespace }) => wanted.size === 0 || wanted.has(namespace.toLowerCase()));
  return [undefined, ...slow];
}

export function kindOf({ namespace, dimensions }: ListedMetric): Kind | undefined {
  return slowKinds.find(
    (kind) => kind.namespace === namespace && (kind.dimension === undefined || kind.dimension in dimensions),
  );
}

/** The kind of a stored series, whose metric had no points finer than the kind's. */
export function kindOfSeries(namespace: string, periodSeconds: number): string | undefined {
  return slowKinds.find((kind) => kind.namespace === namespace && periodSeconds >= kind.periodSeconds)?.name;
}

/** The period of the settings, but no finer than the metrics are. */
export function paceOf(kind: Kind | undefined, config: CloudWatchConfig): Pace {
  const wanted = config.periodSeconds ?? defaultPeriodSeconds;
  return kind ? slowPace(Math.max(kind.periodSeconds, wanted)) : usualPace(wanted);
}

/** `accountId` is null for the account that the integration's own session belongs to. */
export function checkpointScope(
  region: string,
  kind: Kind | undefined,
  accountId: string | null = null,
): string {
  return scopeName({ accountId, region, kind: kind?.name ?? null });
}

const billing = "AWS/Billing";
/** AWS publishes an account's charges in this region only. */
const billingRegion = "us-east-1";

/** The regions to pull, each with its settings: charges that are asked for by name are looked for where they are. */
export function regionsToPull(
  config: CloudWatchConfig,
  ownRegion: string,
): { name: string; config: CloudWatchConfig }[] {
  const regions = config.regions ?? [ownRegion];
  const pulled = regions.map((name) => ({ name, config }));
  const wantsBilling = config.namespaces.some((name) => name.toLowerCase() === billing.toLowerCase());
  if (
    !wantsBilling ||
    regions.includes(billingRegion) ||
    partitionOfRegion(ownRegion)?.globalRegion !== billingRegion
  )
    return pulled;
  return [...pulled, { name: billingRegion, config: { ...config, namespaces: [billing] } }];
}
