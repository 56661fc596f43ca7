import type { Completeness, Gap, OwedWindow } from "../../../contract/index.ts";
import { at, integrationId } from "./ids.ts";

const windowFields = {
  id: "55555555-5555-4555-8555-555555555555",
  integrationId,
  integrationName: "production",
  accountId: null,
  region: "us-east-1",
  kind: null,
  from: at,
  to: at,
  metrics: 12,
  firstMetric: "AWS/EC2 CPUUtilization",
  lastMetric: "AWS/EC2 NetworkOut",
  reason: "throttled" as const,
  detail: "Rate exceeded",
};

export const owedWindow: OwedWindow = { ...windowFields, reading: 0, tries: 1, dueAt: at, owedSince: at };

export const gap: Gap = { ...windowFields, recordedAt: at };

const share = { from: at, to: at, expected: 1000, owed: 2, lost: 0, share: 0.998 };

export const completeness: Completeness = {
  integrationId,
  integrationName: "production",
  lastDay: share,
  lastWeek: share,
  owedWindows: 1,
  rereadWindows: 2,
  gaps: 0,
  oldestOwedAt: at,
};
