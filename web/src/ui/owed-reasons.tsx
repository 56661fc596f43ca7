import { Badge, Tooltip } from "@mantine/core";
import type { OwedReason } from "@nephoscope/contract";

/** Why a window of time is not stored, in words. */
export const owedReasonWords: Record<OwedReason, { label: string; color: string; meaning: string }> = {
  throttled: { label: "Throttled", color: "yellow", meaning: "AWS refused for too many requests." },
  "partial-data": { label: "Partial data", color: "yellow", meaning: "AWS answered with only a part of it." },
  "internal-error": { label: "AWS error", color: "yellow", meaning: "AWS failed on its own side." },
  denied: { label: "Denied", color: "red", meaning: "The credential may not read this." },
  network: { label: "Network", color: "yellow", meaning: "AWS could not be reached." },
  error: { label: "Error", color: "red", meaning: "The reading failed." },
  downtime: { label: "Downtime", color: "gray", meaning: "Nothing collected at that time." },
  capped: { label: "Capped", color: "gray", meaning: "The monthly cap was reached." },
  "re-read": { label: "Re-reading", color: "blue", meaning: "Late values are looked for once more." },
};

/** The reason as a badge; the sentence comes on hover and on focus, so the badge takes it. */
export function OwedReasonBadge({ reason, detail }: { reason: OwedReason; detail?: string }) {
  const { label, color, meaning } = owedReasonWords[reason];
  return (
    <Tooltip label={detail ? `${meaning} ${detail}` : meaning} multiline maw={360} openDelay={200}>
      <Badge color={color} tabIndex={0} miw="max-content">
        {label}
      </Badge>
    </Tooltip>
  );
}
