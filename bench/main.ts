/** `npm run bench -- <name>`: runs one benchmark, which prints one JSON line per figure. See docs/benchmarks.md. */
const benchmarks: Record<string, () => Promise<unknown>> = {
  start: () => import("./start.ts"),
  collect: () => import("./collect.ts"),
  "collect-truth": () => import("./collect-truth.ts"),
  price: () => import("./price.ts"),
  query: () => import("./query.ts"),
  merge: () => import("./merge.ts"),
  fair: () => import("./fair.ts"),
  workers: () => import("./workers.ts"),
  ingest: () => import("./ingest.ts"),
  "ingest-kill": () => import("./ingest-kill.ts"),
  "ingest-sync": () => import("./ingest-sync.ts"),
  "ingest-overload": () => import("./ingest-overload.ts"),
  "keys-flood": () => import("./keys-flood.ts"),
  "log-query": () => import("./log-query.ts"),
};

const run = benchmarks[process.argv[2] ?? ""];
if (run) {
  await run();
} else {
  console.error(`Usage: npm run bench -- ${Object.keys(benchmarks).join("|")}`);
  process.exitCode = 2;
}
