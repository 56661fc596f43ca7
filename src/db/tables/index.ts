import type { ChangeCountersTables } from "./change-counters.ts";
import type { IdentityTables } from "./identity.ts";
import type { IngestTables } from "./ingest.ts";
import type { IntegrationsTables } from "./integrations.ts";
import type { LogsTables } from "./logs.ts";
import type { OutputsTables } from "./outputs.ts";
import type { TrailTables } from "./trail.ts";
import type { VaultTables } from "./vault.ts";

/** Row types of the control plane; one file per owning area. */
export interface Tables
  extends ChangeCountersTables,
    VaultTables,
    IdentityTables,
    IngestTables,
    IntegrationsTables,
    LogsTables,
    OutputsTables,
    TrailTables {}
