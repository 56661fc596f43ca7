import { hashText, pick, unit } from "./signals/hash.ts";

/** How much an account owns: `full` is a production account, `small` an operator's, `empty` a new one. */
export type AccountSize = "full" | "small" | "empty";

export interface Tags {
  readonly [name: string]: string;
}

export interface Instance {
  readonly id: string;
  readonly type: string;
  readonly availabilityZone: string;
  readonly application: string;
  readonly privateIp: string;
  /** Days before the simulation's start at which it was terminated; its metrics end there. */
  readonly terminatedDaysAgo: number | undefined;
  readonly tags: Tags;
}

export interface Volume {
  readonly id: string;
  readonly instanceId: string;
  readonly availabilityZone: string;
  readonly sizeGib: number;
  readonly application: string;
  readonly tags: Tags;
}

/** Anything that is known by its name and belongs to one application. */
export interface NamedResource {
  readonly name: string;
  readonly application: string;
  readonly tags: Tags;
}

/** What one account owns in one region. */
export interface Inventory {
  readonly accountId: string;
  readonly region: string;
  readonly instances: readonly Instance[];
  readonly volumes: readonly Volume[];
  readonly databases: readonly NamedResource[];
  readonly queues: readonly NamedResource[];
  readonly functions: readonly NamedResource[];
  readonly balancers: readonly NamedResource[];
  readonly tables: readonly NamedResource[];
  readonly buckets: readonly NamedResource[];
}

export const applications = ["checkout", "catalog", "search", "accounts", "shipping"] as const;

/** Only the first region of a simulation is large; the others carry what a second site would. */
const counts: Readonly<Record<AccountSize, Readonly<Record<"home" | "away", readonly number[]>>>> = {
  full: { home: [17, 2, 3, 4, 1, 3, 4], away: [9, 1, 2, 2, 1, 2, 2] },
  small: { home: [3, 1, 1, 2, 0, 1, 1], away: [1, 0, 0, 1, 0, 0, 0] },
  empty: { home: [0, 0, 0, 0, 0, 0, 0], away: [0, 0, 0, 0, 0, 0, 0] },
};

/** The same seed, account and region always own the same things. */
export function createInventory(options: {
  seed: number;
  accountId: string;
  region: string;
  home: boolean;
  size: AccountSize;
}): Inventory {
  const { accountId, region } = options;
  const seed = hashText(`${options.seed}/${accountId}/${region}`);
  const [
    instanceCount = 0,
    databases = 0,
    queues = 0,
    functions = 0,
    balancers = 0,
    tables = 0,
    buckets = 0,
  ] = counts[options.size][options.home ? "home" : "away"];
  const instances = Array.from({ length: instanceCount }, (_, n) => createInstance(seed, region, n));
  const named = (count: number, suffixes: readonly [string, ...string[]]) =>
    Array.from({ length: count }, (_, n) => createNamed(n, suffixes));
  return {
    accountId,
    region,
    instances,
    volumes: instances.flatMap((instance, n) => createVolumes(seed, instance, n)),
    databases: named(databases, ["orders-db", "catalog-db", "accounts-db"]),
    queues: named(queues, ["orders", "emails", "thumbnails"]),
    functions: named(functions, ["resize-image", "send-receipt", "sync-stock", "rotate-keys"]),
    balancers: named(balancers, ["public"]).map((balancer) => ({
      ...balancer,
      name: `app/${balancer.name}-${region}/${hex(seed, 900, 16)}`,
    })),
    tables: named(tables, ["carts", "sessions", "prices"]),
    buckets: named(buckets, ["assets", "exports", "backups", "logs"]).map((bucket) => ({
      ...bucket,
      name: `${bucket.name}-${accountId}-${region}`,
    })),
  };
}

function createInstance(seed: number, region: string, n: number): Instance {
  const application = applicationOf(n);
  return {
    id: `i-0${hex(seed, n, 16)}`,
    type: pick(seed, 100 + n, ["t3.medium", "m7g.large", "m7g.xlarge", "c7g.large"]),
    availabilityZone: `${region}${"abc"[n % 3]}`,
    application,
    privateIp: `10.${n % 3}.${Math.floor(unit(seed, 200 + n) * 250)}.${10 + n}`,
    terminatedDaysAgo: n === 8 ? 5 : undefined,
    tags: {
      Name: `${application}-${Math.floor(n / applications.length) + 1}`,
      ...commonTags(application, n),
    },
  };
}

/** Every instance has a root volume, every third one a data volume. */
function createVolumes(seed: number, instance: Instance, n: number): Volume[] {
  if (instance.terminatedDaysAgo !== undefined) return [];
  const { application, availabilityZone, id: instanceId } = instance;
  const sizes = n % 3 === 0 ? [30, 500] : [30];
  return sizes.map((sizeGib, index) => ({
    id: `vol-0${hex(seed, 300 + n * 2 + index, 16)}`,
    instanceId,
    availabilityZone,
    sizeGib,
    application,
    tags: commonTags(application, n),
  }));
}

function createNamed(n: number, suffixes: readonly [string, ...string[]]): NamedResource {
  const application = applicationOf(n);
  return {
    name: suffixes[n % suffixes.length] ?? suffixes[0],
    application,
    tags: commonTags(application, n),
  };
}

function commonTags(application: string, n: number): Tags {
  return {
    Application: application,
    Environment: n % 7 === 6 ? "staging" : "production",
    Team: n % 2 === 0 ? "storefront" : "platform",
  };
}

function applicationOf(n: number): string {
  return applications[n % applications.length] ?? applications[0];
}

function hex(seed: number, n: number, length: number): string {
  let text = "";
  for (let i = 0; text.length < length; i++)
    text += Math.floor(unit(seed ^ 0x1b873593, n * 8 + i) * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return text.slice(0, length);
}
