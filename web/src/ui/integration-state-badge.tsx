import type { IntegrationSummary } from "@nephoscope/contract";
import { type Mood, StatusBadge } from "./status-badge.tsx";

const states: Record<IntegrationSummary["state"], { mood: Mood; label: string }> = {
  ok: { mood: "good", label: "Collecting" },
  waiting: { mood: "unknown", label: "Waiting" },
  failing: { mood: "warning", label: "Failing" },
  disabled: { mood: "paused", label: "Disabled" },
  "disabled-by-error": { mood: "bad", label: "Disabled by error" },
  paused: { mood: "paused", label: "Paused at its cap" },
  trash: { mood: "trash", label: "In the trash" },
};

/** States that a list can be filtered by. */
export const integrationStateChoices = Object.entries(states)
  .filter(([value]) => value !== "trash")
  .map(([value, { label }]) => ({ value, label }));

export function IntegrationStateBadge({
  integration,
}: {
  integration: Pick<IntegrationSummary, "state" | "stateReason">;
}) {
  const { mood, label } = states[integration.state];
  return <StatusBadge mood={mood} label={label} detail={integration.stateReason} />;
}
