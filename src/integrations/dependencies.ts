import type { Kysely } from "kysely";
import type { Clock, Log, Random } from "../base/index.ts";
import type { Principal } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import type { Metrics } from "../telemetry/index.ts";
import type { ClassifyFailure, Credentials } from "./connection.ts";
import type { Billed } from "./spending/report.ts";

export interface IntegrationUser {
  readonly kind: "integration";
  readonly id: string;
  readonly name: string;
}

export interface IntegrationsDeps {
  readonly db: { readonly kysely: Kysely<Tables> };
  readonly credentials: Credentials & {
    registerUsers(find: (credentialId: string) => Promise<IntegrationUser[]>): void;
  };
  readonly externalIds: {
    exists(externalId: string, executor?: Kysely<Tables>): Promise<boolean>;
    /** It is in use from now on and does not expire. */
    markUsed(externalId: string, options?: { executor?: Kysely<Tables> }): Promise<void>;
    registerUsage(find: (externalId: string) => Promise<IntegrationUser[]>): void;
  };
  readonly classify: ClassifyFailure;
  /** Regions that AWS opened after this version was made. */
  readonly extraRegions?: readonly string[] | undefined;
  /** Most that all integrations together may cost in a month; undefined without a bound. */
  readonly monthlyCapUsd?: number | undefined;
  /** AWS's own figure for what GetMetricData costs, where somebody collects it. */
  readonly billed?: Billed | undefined;
  /** Where collected series are, to tell which bring nothing and how late others come. */
  readonly metrics?: Pick<Metrics, "findMetrics" | "findDelays"> | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Who changes something, by the name that is shown. */
export type Caller = Pick<Principal, "name">;
