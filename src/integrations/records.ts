import type { CloudService, WireEvent } from "../contract/index.ts";

/** A cloud integration as the server keeps it. Times are epoch milliseconds. */
export interface IntegrationRecord {
  readonly id: string;
  readonly name: string;
  readonly service: CloudService;
  /** The type's own settings; only the type reads them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Empty when the credential alone is who pulls. */
  readonly roleArn: string;
  readonly externalId: string;
  readonly credentialId: string | null;
  readonly reuseExternalIdCredential: string | null;
  readonly additionalTags: Readonly<Record<string, string>>;
  readonly refreshMinutes: number;
  readonly disabled: boolean;
  readonly disabledByError: boolean;
  readonly trashedAt: number | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly updatedBy: string;
  readonly lastReceivedPointAt: number | null;
  readonly lastMetricCount: number | null;
  readonly lastProcessedAt: number | null;
  readonly lastProcessorId: string | null;
  readonly lastError: string | null;
  readonly lastErrorAt: number | null;
  readonly lastErrorEvent: WireEvent | null;
  readonly consecutiveFailures: number;
  readonly nextRunAt: number | null;
  /** Waiting because a monthly cap is reached; null otherwise. */
  readonly pause: Pause | null;
}

/** Until when an integration waits, because there is no money for its next call. */
export interface Pause {
  /** Epoch milliseconds. */
  readonly until: number;
  readonly reason: string;
  /** Whose cap it is. */
  readonly by: "integration" | "server";
}

/** What a caller decides about an integration; the rest is bookkeeping. */
export type IntegrationSettings = Pick<
  IntegrationRecord,
  | "name"
  | "service"
  | "config"
  | "roleArn"
  | "externalId"
  | "credentialId"
  | "reuseExternalIdCredential"
  | "additionalTags"
  | "refreshMinutes"
>;
