import type { Clock } from "../base/index.ts";
import type { AwsApi } from "../contract/index.ts";
import type { ChangeCounters, Database } from "../db/index.ts";
import type { Telemetry } from "../telemetry/index.ts";
import { createGroupOperations } from "./api/group-operations.ts";
import { createAccess } from "./api/operation.ts";
import { createPutOperation } from "./api/put-operation.ts";
import { createSettingOperations } from "./api/setting-operations.ts";
import { createStreamOperations } from "./api/stream-operations.ts";
import { createTagOperations } from "./api/tag-operations.ts";
import { createArrivals } from "./arrivals.ts";
import { createDirectory, type LogDirectory } from "./directory.ts";
import { createGroups } from "./groups.ts";
import { createPut } from "./put.ts";
import { createStreams } from "./streams.ts";

export interface LogsDeps {
  readonly db: Pick<Database, "kysely">;
  /** The process's one instance. */
  readonly counters: ChangeCounters;
  readonly telemetry: Pick<Telemetry, "logEvents">;
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  /** Living groups of the server, 10,000 unless given. */
  readonly groupsMax?: number;
}

export interface Logs {
  readonly api: AwsApi;
  readonly directory: LogDirectory;
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
  const parts = { db, groups, streams, directory, put, access, place };
  return {
    api: {
      service: "logs",
      operations: {
        ...createGroupOperations(parts),
        ...createSettingOperations(parts),
        ...createStreamOperations(parts),
        ...createTagOperations(parts),
        ...createPutOperation(parts),
      },
    },
    directory,
    flush: arrivals.flush,
  };
}
