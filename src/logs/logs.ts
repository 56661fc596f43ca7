import type { Clock, Log } from "../base/index.ts";
import type { AwsApi } from "../contract/index.ts";
import { type ChangeCounters, createRemovalTime, type Database } from "../db/index.ts";
import type { Telemetry } from "../telemetry/index.ts";
import { createGroupOperations } from "./api/group-operations.ts";
import { type Access, createAccess } from "./api/operation.ts";
import { createPutOperation } from "./api/put-operation.ts";
import { createSettingOperations } from "./api/setting-operations.ts";
import { createStreamOperations } from "./api/stream-operations.ts";
import { createTagOperations } from "./api/tag-operations.ts";
import { createArrivals } from "./arrivals.ts";
import { createDaysChore } from "./days.ts";
import { createDirectory, type LogDirectory } from "./directory.ts";
import { createGroups } from "./groups.ts";
import { createPurgeChore } from "./purge.ts";
import { createPut } from "./put.ts";
import { createLogExplorer, type LogExplorer } from "./reading/explorer.ts";
import { createReadOperations } from "./reading/read-operations.ts";
import { createRemovalFailures } from "./removal-failures.ts";
import { createLogsService, type LogsService } from "./service.ts";
import { createStreams } from "./streams.ts";
import { createTrafficChore } from "./traffic.ts";

export interface LogsDeps {
  readonly db: Pick<Database, "kysely">;
  /** The process's one instance. */
  readonly counters: ChangeCounters;
  readonly telemetry: Pick<Telemetry, "logEvents" | "logReads" | "logTraffic" | "logPurge" | "metrics">;
  readonly clock: Clock;
  readonly log: Log;
  readonly accountId: string;
  readonly region: string;
  /** Living groups of the server, 10,000 unless given. */
  readonly groupsMax?: number;
}

export interface LogsChore {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<unknown>;
}

export interface Logs {
  readonly api: AwsApi;
  readonly directory: LogDirectory;
  readonly service: LogsService & LogExplorer & { readonly access: Access };
  /** For senders whose group or stream is not there yet; throws `name_taken` when another request was faster. */
  readonly missingTargets: {
    createGroup(name: string): Promise<void>;
    createStream(group: string, stream: string): Promise<void>;
  };
  /** Any number of processes may run them. */
  readonly chores: readonly LogsChore[];
  /** Times since the start that something on disk could not be removed, or counted for that. */
  removalFailures(): number;
  /** Writes what is still in memory. */
  flush(): Promise<void>;
}

export function createLogs(deps: LogsDeps): Logs {
  const { db, counters, clock, telemetry } = deps;
  const place = { region: deps.region, accountId: deps.accountId };
  const arrivals = createArrivals(db.kysely);
  const directory = createDirectory({ db, counters, place, arrivals });
  const groups = createGroups({ db, counters, clock, groupsMax: deps.groupsMax ?? 10_000 });
  const streams = createStreams({ db, counters, clock });
  const put = createPut({ telemetry, directory, clock });
  const access = createAccess(place, directory);
  const failures = createRemovalFailures({ clock, log: deps.log });
  const removalTime = createRemovalTime({ kysely: db.kysely, clock, log: deps.log });
  const parts = { ...deps, groups, streams, directory, put, access, place, arrivals, failures, removalTime };
  return {
    api: {
      service: "logs",
      operations: {
        ...createGroupOperations(parts),
        ...createSettingOperations(parts),
        ...createStreamOperations(parts),
        ...createTagOperations(parts),
        ...createPutOperation(parts),
        ...createReadOperations(parts),
      },
    },
    directory,
    service: { ...createLogsService(parts), ...createLogExplorer(parts), access },
    missingTargets: {
      createGroup: (name) => groups.create({ name, bearerEnabled: true }),
      createStream: streams.create,
    },
    chores: [
      { name: "times of log streams", everyMs: 5_000, run: arrivals.flush },
      { name: "traffic of log groups", everyMs: 60_000, run: createTrafficChore(parts) },
      { name: "sizes of log groups", everyMs: 600_000, run: createDaysChore(parts) },
      { name: "removed log events", everyMs: 60_000, run: createPurgeChore(parts) },
    ],
    removalFailures: failures.count,
    flush: arrivals.flush,
  };
}
