import { hash } from "node:crypto";

/** What makes a series that series. Unit, tags and alias may change without making another one. */
export interface SeriesIdentity {
  readonly integrationId: string;
  readonly accountId: string;
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * 128 bits of SHA-256 over the parts, written as a UUID. Each part carries its length, so that no two
 * identities give the same bytes; the order of dimensions does not matter.
 */
export function seriesId(identity: SeriesIdentity): string {
  const dimensions = Object.entries(identity.dimensions).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const parts = [
    identity.integrationId,
    identity.accountId,
    identity.region,
    identity.namespace,
    identity.metricName,
    identity.statistic,
    String(identity.periodSeconds),
    ...dimensions.flat(),
  ];
  const bytes = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join("");
  const digits = hash("sha256", bytes, "hex").slice(0, 32);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
