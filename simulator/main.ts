import { parseArgs } from "node:util";
import { createLog } from "../src/base/index.ts";
import { startSimulator } from "./server.ts";

/**
 * Runs a simulated AWS by itself: `node simulator/main.ts --port 4566`. Prints one JSON line with the URL and what
 * a client needs to begin, then serves until it is interrupted.
 */
const { values } = parseArgs({
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    "external-id": { type: "string", multiple: true },
    metrics: { type: "string" },
  },
});

const running = await startSimulator({
  host: values.host,
  port: Number(values.port),
  seed: Number(values.seed),
  log: createLog({ level: "info" }),
  ...(values["external-id"] ? { externalIds: values["external-id"] } : {}),
  ...(values.metrics ? { metricsPerAccount: Number(values.metrics) } : {}),
});
console.log(JSON.stringify({ url: running.url, ...running.seeded }));

const stop = () => {
  running.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
