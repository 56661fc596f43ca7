import { rangePresets } from "../../ui/time-range.ts";

export const auditRanges = rangePresets("1h", "3h", "12h", "1d", "3d", "7d", "30d", "90d");
export type AuditRangePreset = (typeof auditRanges)[number]["value"];

export const defaultAuditRange: AuditRangePreset = "1d";
export const longestAuditRange: AuditRangePreset = "90d";
