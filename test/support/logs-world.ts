import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { type Clock, systemClock } from "../../src/base/index.ts";
import { createChangeCounters } from "../../src/db/index.ts";
import { createLogs, type Logs, type LogsDeps } from "../../src/logs/index.ts";
import { openTelemetry, type Telemetry } from "../../src/telemetry/index.ts";
import type { OpenedDatabase } from "./databases.ts";
import { quietLog } from "./quiet-log.ts";

/** Log groups on a database that is open and a telemetry store of their own. */
export interface LogsWorld {
  readonly telemetry: Telemetry;
  /** As another process on the same stores has them. */
  openLogs(more?: Partial<LogsDeps>): Logs;
  /** The database stays open. */
  dispose(): Promise<void>;
}

/** The logs go by this clock; writing together and giving up go by the system's. */
export async function openLogsWorld(
  { database }: Pick<OpenedDatabase, "database">,
  clock: Clock,
): Promise<LogsWorld> {
  const directory = await mkdtemp(join(tmpdir(), "nepho-logs-"));
  const telemetry = await openTelemetry({ directory, log: quietLog, clock: systemClock });
  return {
    telemetry,
    openLogs: (more) =>
      createLogs({
        db: database,
        counters: createChangeCounters({ kysely: database.kysely, clock }),
        telemetry,
        clock,
        log: quietLog,
        accountId: "111122223333",
        region: "eu-west-1",
        ...more,
      }),
    dispose: async () => {
      await telemetry.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The same for a whole suite, with a database of its own: opened before its first test and removed after its last. */
export function useLogsWorld(
  open: () => Promise<OpenedDatabase>,
  clock: Clock,
): Pick<LogsWorld, "telemetry" | "openLogs"> {
  let opened: OpenedDatabase;
  let world: LogsWorld;
  before(async () => {
    opened = await open();
    world = await openLogsWorld(opened, clock);
  });
  after(async () => {
    await world.dispose();
    await opened.dispose();
  });
  return {
    get telemetry() {
      return world.telemetry;
    },
    openLogs: (more) => world.openLogs(more),
  };
}
