/** A scope's name says whose metrics it holds: `us-east-1`, `us-east-1/billing`, `222222222222:us-east-1/billing`. */
export interface ScopeName {
  /** Null for the account that the integration's credential belongs to. */
  readonly accountId: string | null;
  readonly region: string;
  /** Metrics that are asked for at a pace of their own; null for all others. */
  readonly kind: string | null;
}

export function scopeName({ accountId, region, kind }: ScopeName): string {
  return `${accountId === null ? "" : `${accountId}:`}${region}${kind === null ? "" : `/${kind}`}`;
}

export function parseScope(name: string): ScopeName {
  const [, accountId = null, region = "", kind = null] =
    /^(?:([^:/]+):)?([^:/]+)(?:\/(.+))?$/.exec(name) ?? [];
  return { accountId, region, kind };
}
