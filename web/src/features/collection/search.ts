import type { OwedReason } from "@nephoscope/contract";
import { owedReasonWords } from "../../ui/owed-reasons.tsx";
import type { OwedKind } from "./owed-table.tsx";

/** What the address of the data quality page says: the filters of the owed windows. */
export interface QualitySearch {
  what?: OwedKind;
  reason?: OwedReason;
}

export function qualitySearchOf(search: Record<string, unknown>): QualitySearch {
  const reason = typeof search.reason === "string" && Object.hasOwn(owedReasonWords, search.reason);
  return {
    ...(search.what === "re-read" ? { what: "re-read" } : {}),
    ...(reason ? { reason: search.reason as OwedReason } : {}),
  };
}
