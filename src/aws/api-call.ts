import type { Clock } from "../base/index.ts";
import type { HttpHandler } from "./http.ts";
import type { AwsService } from "./regions.ts";
import type { AwsIdentitySource } from "./source.ts";

/** One attempt of one API call; throttled and failed attempts count too. */
export interface ApiCall {
  readonly service: AwsService;
  readonly operation: string;
  readonly region: string;
  readonly recordId: string;
  readonly ok: boolean;
  /** AWS has refused the attempt because there were too many. */
  readonly throttled?: boolean;
  readonly durationMs: number;
}
export type OnCall = (call: ApiCall) => void;

export interface ClientDependencies {
  readonly source: AwsIdentitySource;
  readonly handler: HttpHandler;
  readonly clock: Clock;
  readonly maxAttempts: number;
  readonly onCall: readonly OnCall[];
}
