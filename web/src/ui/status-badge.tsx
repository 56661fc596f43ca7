import { Badge, Tooltip } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
  IconPlayerPause,
  IconTrash,
} from "@tabler/icons-react";

/** The few moods a status can be in; icon and word carry the meaning, colour only repeats it. */
export type Mood = "good" | "warning" | "bad" | "unknown" | "busy" | "paused" | "trash";

const moods = {
  good: { color: "green", Icon: IconCircleCheck },
  warning: { color: "yellow", Icon: IconAlertTriangle },
  bad: { color: "red", Icon: IconCircleX },
  unknown: { color: "gray", Icon: IconCircleDashed },
  busy: { color: "blue", Icon: IconLoader2 },
  paused: { color: "gray", Icon: IconPlayerPause },
  trash: { color: "gray", Icon: IconTrash },
} as const;

export function StatusBadge({
  mood,
  label,
  detail,
  shrinks = false,
}: {
  mood: Mood;
  label: string;
  detail?: string | undefined;
  /** Cuts a label that is longer than its place, which makes room for the badge otherwise. */
  shrinks?: boolean;
}) {
  const { color, Icon } = moods[mood];
  const badge = (
    <Badge
      color={color}
      variant="light"
      size="md"
      tt="none"
      fw={600}
      leftSection={<Icon size={13} aria-hidden />}
      {...(shrinks ? { maw: "100%", title: label } : { miw: "max-content", style: { flexShrink: 0 } })}
    >
      {label}
    </Badge>
  );
  return detail === undefined || detail === "" ? (
    badge
  ) : (
    <Tooltip label={detail} multiline maw={360} openDelay={200}>
      {badge}
    </Tooltip>
  );
}
