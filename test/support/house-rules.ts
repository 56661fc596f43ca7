/**
 * The house rules in tables: what may import what, and which file may reach for what is handed in elsewhere. Where a case shows a
 * better cut, change the table and say why.
 */

/** Imports go to a smaller number, never sideways. */
export const ranks: Readonly<Record<string, number>> = {
  contract: 0,
  base: 1,
  config: 2,
  db: 2,
  telemetry: 2,
  aws: 2,
  protocols: 2,
  vault: 3,
  trail: 3,
  identity: 4,
  integrations: 5,
  outputs: 5,
  logs: 5,
  query: 5,
  ingest: 6,
  collect: 6,
  http: 7,
  main: 8,
};

/** Areas outside the ranks: all they may import. */
export const asides: Readonly<Record<string, readonly string[]>> = {
  cli: ["contract", "base"],
  web: ["contract"],
  simulator: ["protocols", "base", "contract"],
  "test/end-to-end": ["test/support"],
};

/** Areas that may import everything, through its index: they stand above the product. */
export const above: readonly string[] = ["scripts", "bench", "test", "test/support"];

/** Only the composition root reads settings; everybody else is handed the few values needed. */
export const settingsReaders: readonly string[] = ["main", "scripts", "test", "test/support", "bench"];

/** Packages that only one place knows, so that replacing one touches one place. Patterns are prefixes of paths. */
export const packageOwners: readonly { readonly name: RegExp; readonly owners: readonly string[] }[] = [
  { name: /^(fastify|@fastify\/|fastify-)/, owners: ["src/http/"] },
  { name: /^(pg$|@electric-sql\/)/, owners: ["src/db/"] },
  { name: /^(chdb|@clickhouse\/)/, owners: ["src/telemetry/"] },
  { name: /^pino$/, owners: ["src/base/"] },
  { name: /^commander$/, owners: ["src/cli/"] },
];

export interface Exemption {
  readonly path: string;
  readonly why: string;
}

/** Files of the product that may use the real clock, timers and randomness. A path that ends in a slash is a folder. */
export const realTimeUsers: readonly Exemption[] = [
  { path: "src/base/clock.ts", why: "the adapter itself" },
  { path: "src/base/random.ts", why: "the adapter itself" },
  {
    path: "src/base/stop-on-signals.ts",
    why: "its watchdog ends a stop that hangs, whatever the parts believe about time",
  },
  { path: "src/aws/http.ts", why: "ends a real socket that sends too slowly; no other code waits for it" },
];

/** Files that may read the environment. */
export const environmentReaders: readonly Exemption[] = [
  { path: "src/config/", why: "reads all settings, once" },
  { path: "src/main.ts", why: "hands the environment to the settings loader" },
  { path: "src/cli/main.ts", why: "hands the environment to the command line" },
];
