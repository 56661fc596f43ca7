import type { Accounts } from "./accounts.ts";
import { createInventory, type Inventory } from "./inventory.ts";
import { regionStatus } from "./regions.ts";
import { type Catalogue, createCatalogue } from "./signals/catalogue.ts";
import type { Turnover } from "./signals/turnover.ts";

/** What the accounts own and measure, made when first asked for and the same every time. */
export interface World {
  readonly seed: number;
  /** Regions in which accounts own something; the first one also has the bill. */
  readonly regions: readonly string[];
  inventory(accountId: string, region: string): Inventory;
  catalogue(accountId: string, region: string): Catalogue;
}

export function createWorld(options: {
  seed: number;
  regions: readonly string[];
  accounts: Accounts;
  startedAtMs: number;
  metricsPerAccount: number | undefined;
  turnover: Turnover | undefined;
}): World {
  const { accounts, regions, seed } = options;
  const unknown = regions.find((region) => !Object.hasOwn(regionStatus, region));
  if (unknown) throw new Error(`The simulator knows no region ${unknown}.`);
  const inventories = new Map<string, Inventory>();
  const catalogues = new Map<string, Catalogue>();
  const inventory = (accountId: string, region: string) =>
    remember(inventories, `${accountId}/${region}`, () =>
      createInventory({
        seed,
        accountId,
        region,
        home: region === regions[0],
        size: regions.includes(region) ? (accounts.find(accountId)?.size ?? "empty") : "empty",
      }),
    );
  return {
    seed,
    regions,
    inventory,
    catalogue: (accountId, region) =>
      remember(catalogues, `${accountId}/${region}`, () => {
        const full = accounts.find(accountId)?.size === "full" && regions.includes(region);
        return createCatalogue({
          inventory: inventory(accountId, region),
          seed,
          home: region === regions[0],
          startedAtMs: options.startedAtMs,
          metricCount:
            full && options.metricsPerAccount !== undefined
              ? Math.ceil(options.metricsPerAccount / regions.length)
              : undefined,
          turnover: full && region === regions[0] ? options.turnover : undefined,
        });
      }),
  };
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
