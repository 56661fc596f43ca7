import type { IdentityTables } from "./identity.ts";
import type { IntegrationsTables } from "./integrations.ts";
import type { OutputsTables } from "./outputs.ts";
import type { VaultTables } from "./vault.ts";

/** Row types of the control plane; one file per owning area. */
export interface Tables extends VaultTables, IdentityTables, IntegrationsTables, OutputsTables {}
