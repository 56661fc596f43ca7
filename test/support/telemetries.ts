import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "node:test";
import type { Telemetry, TelemetryOptions } from "../../src/telemetry/index.ts";
import { startFrontProcess } from "./clickhouse-front-process.ts";

/** Where a telemetry store may be opened, and opened again. */
export interface TelemetryPlace {
  readonly options: Pick<TelemetryOptions, "url" | "directory">;
  /** To be called when the store is closed. */
  dispose(): Promise<void>;
}

const places: Readonly<Record<Telemetry["kind"], () => Promise<TelemetryPlace>>> = {
  embedded: async () => {
    const directory = await mkdtemp(join(tmpdir(), "nepho-telemetry-"));
    return { options: { directory }, dispose: () => rm(directory, { recursive: true, force: true }) };
  },
  server: async () => {
    const front = await startFrontProcess();
    return { options: { url: front.url }, dispose: () => front.dispose() };
  },
};

/** Runs the suite on the engine inside the process and over ClickHouse's HTTP interface. */
export function forEachTelemetry(name: string, suite: (open: () => Promise<TelemetryPlace>) => void): void {
  for (const [kind, open] of Object.entries(places)) describe(`${name}, ${kind}`, () => suite(open));
}
