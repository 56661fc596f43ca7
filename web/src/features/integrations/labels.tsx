import type { IntegrationSummary, Run } from "@nephoscope/contract";
import { type Mood, StatusBadge } from "../../ui/status-badge.tsx";
import type { IntegrationState } from "./search.ts";

const states: Record<IntegrationState, { mood: Mood; label: string }> = {
  ok: { mood: "good", label: "Collecting" },
  waiting: { mood: "unknown", label: "Waiting" },
  failing: { mood: "warning", label: "Failing" },
  disabled: { mood: "paused", label: "Disabled" },
  "disabled-by-error": { mood: "bad", label: "Disabled by error" },
  trash: { mood: "trash", label: "In the trash" },
};

export const stateChoices = Object.entries(states)
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

const runStates: Record<Run["state"], { mood: Mood; label: string }> = {
  running: { mood: "busy", label: "Running" },
  succeeded: { mood: "good", label: "Succeeded" },
  partial: { mood: "warning", label: "Partial" },
  failed: { mood: "bad", label: "Failed" },
  abandoned: { mood: "unknown", label: "Abandoned" },
};

export function RunStateBadge({ run }: { run: Run }) {
  const { mood, label } = runStates[run.state];
  return <StatusBadge mood={mood} label={label} {...(run.error ? { detail: run.error.message } : {})} />;
}
