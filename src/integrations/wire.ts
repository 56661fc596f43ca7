import type { CloudIntegration } from "../contract/index.ts";
import type { IntegrationRecord } from "./records.ts";
import { typeOf } from "./types/index.ts";

/**
 * The integration as clients of the wire format want it: role and external ID always there, `forceSave` always false, unset
 * optional fields left out and never null.
 */
export function toWire(record: IntegrationRecord): CloudIntegration {
  const type = typeOf(record.service);
  const trashed = record.trashedAt !== null;
  return withoutAbsent({
    forceSave: false,
    id: record.id,
    name: record.name,
    service: record.service,
    [type.configKey]: {
      baseCredentials: { roleArn: record.roleArn, externalId: record.externalId },
      ...type.configToWire(record.config),
    },
    additionalTags: record.additionalTags,
    serviceRefreshRateInMins: record.refreshMinutes,
    reuseExternalIdCredential: record.reuseExternalIdCredential,
    credentialId: record.credentialId,
    disabled: record.disabled,
    inTrash: trashed,
    deleted: trashed,
    createdEpochMillis: record.createdAt,
    updatedEpochMillis: record.updatedAt,
    creatorId: record.createdBy,
    updaterId: record.updatedBy,
    lastReceivedDataPointMs: record.lastReceivedPointAt,
    lastMetricCount: record.lastMetricCount,
    lastProcessingTimestamp: record.lastProcessedAt,
    lastProcessorId: record.lastProcessorId,
    lastError: record.lastError,
    lastErrorMs: record.lastErrorAt,
    lastErrorEvent: record.lastErrorEvent,
  }) as CloudIntegration;
}

function withoutAbsent(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  );
}
