import type { Books, Listings, NewOwed, Owed, Position } from "../../integration-type.ts";

/** Books without a database, open to look into. */
export interface MemoryBooks extends Books {
  record: Books["record"];
  readonly positions: Map<string, Position>;
  readonly windows: Map<string, Owed & { readonly scope: string }>;
  readonly gaps: NewOwed[];
}

export function createMemoryBooks(): MemoryBooks {
  const positions = new Map<string, Position>();
  const windows = new Map<string, Owed & { scope: string }>();
  const known = new Map<string, Uint8Array>();
  const gaps: NewOwed[] = [];
  let count = 0;
  return {
    positions,
    windows,
    gaps,
    position: async (scope) => positions.get(scope),
    owed: async (scope) =>
      [...windows.values()].filter((one) => one.scope === scope).sort((a, b) => a.from - b.from),
    record: async (scope, { position, settled = [], owe = [], lost = [] }) => {
      if (position) positions.set(scope, position);
      for (const id of settled) windows.delete(id);
      for (const owed of owe) {
        const id = `window-${++count}`;
        windows.set(id, { ...owed, id, scope });
      }
      gaps.push(...lost);
    },
    knownMetrics: async (scope) => known.get(scope),
    noteListing: async (scope, _listing, metrics) => {
      known.set(scope, metrics);
    },
    retire: async (isWanted) => {
      for (const [scope, position] of positions) {
        if (!isWanted(scope)) positions.set(scope, { ...position, metrics: 0, trouble: null });
      }
      for (const [id, { scope }] of windows) if (!isWanted(scope)) windows.delete(id);
    },
  };
}

export function createMemoryListings(): Listings {
  const entries = new Map<string, unknown>();
  return {
    get: <T>(key: string) => entries.get(key) as T | undefined,
    set: (key, value) => {
      entries.set(key, value);
    },
  };
}
