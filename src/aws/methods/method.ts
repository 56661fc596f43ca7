import type { STSClient } from "@aws-sdk/client-sts";
import type { Clock } from "../../base/index.ts";
import type { HttpHandler } from "../http.ts";
import type { AwsKeys } from "../identity.ts";
import type { ProfileFiles } from "../profiles.ts";
import type { Environment } from "../proxy.ts";
import type { AwsIdentitySource } from "../source.ts";

export interface MethodDependencies {
  readonly clock: Clock;
  readonly environment: Environment;
  readonly handler: HttpHandler;
  readonly profileFiles: ProfileFiles;
  readonly allowedProfiles: readonly string[];
  /** Folders below which token files for web identity may lie. */
  readonly tokenDirectories: readonly string[];
  /** An STS client that signs with these keys; without keys it can only make calls that need none. */
  sts(keys?: () => Promise<AwsKeys>): STSClient;
}

/** One way to get the first keys. It never falls back to another way. */
export interface Method {
  /** Whether loading again can give other keys: not for keys that were typed in. */
  readonly refreshable: boolean;
  load(source: AwsIdentitySource, dependencies: MethodDependencies): Promise<AwsKeys>;
}
