import type { Clock, Log, Random, Releasers } from "../base/index.ts";
import type { Settings } from "../config/index.ts";
import type { ServiceMetrics } from "../http/index.ts";

export type Role = "serve" | "worker";

/** What every part of the process is built with. */
export interface Context {
  readonly role: Role;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Whoever opens something adds how it is closed. */
  readonly releasers: Releasers;
  readonly serviceMetrics: ServiceMetrics;
  readonly version: string;
  /** The variables that the AWS SDK and proxies know; secrets of ours were taken out. */
  readonly environment: NodeJS.ProcessEnv;
}
