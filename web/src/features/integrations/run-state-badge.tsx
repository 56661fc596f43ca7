import type { Run } from "@nephoscope/contract";
import { type Mood, StatusBadge } from "../../ui/status-badge.tsx";

const states: Record<Run["state"], { mood: Mood; label: string }> = {
  running: { mood: "busy", label: "Running" },
  succeeded: { mood: "good", label: "Succeeded" },
  partial: { mood: "warning", label: "Partial" },
  failed: { mood: "bad", label: "Failed" },
  abandoned: { mood: "unknown", label: "Abandoned" },
};

export function RunStateBadge({ run }: { run: Run }) {
  const { mood, label } = states[run.state];
  return <StatusBadge mood={mood} label={label} detail={run.error?.message} />;
}
