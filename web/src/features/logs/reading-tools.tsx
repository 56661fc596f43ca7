import { ActionIcon, Group, Menu, SegmentedControl, Tooltip } from "@mantine/core";
import type { LogEvent } from "@nephoscope/contract";
import { IconDownload, IconTextWrap } from "@tabler/icons-react";
import { downloadText } from "../../ui/download.ts";
import { ZoneSwitch } from "../../ui/zone-switch.tsx";
import { fileNameOf, toNdjson, toText } from "./export-events.ts";
import type { useReadingHabits } from "./preferences.ts";

export type Habits = ReturnType<typeof useReadingHabits>;

interface ReadingToolsProps {
  group: string;
  events: readonly LogEvent[];
  habits: Habits;
  order?: "asc" | "desc";
  onOrder?: (order: "asc" | "desc") => void;
}

/** How the events are shown, and how they are taken away. */
export function ReadingTools({ group, events, habits, order, onOrder }: ReadingToolsProps) {
  const wrapLabel = habits.wrap ? "Show each event on one line" : "Wrap long messages";
  return (
    <Group gap={6}>
      <ZoneSwitch utc={habits.utc} onUtc={habits.setUtc} visibleFrom="xs" />
      {onOrder !== undefined && (
        <SegmentedControl
          size="xs"
          aria-label="Order"
          value={order ?? "desc"}
          onChange={(chosen) => onOrder(chosen as "asc" | "desc")}
          data={[
            { value: "desc", label: "Newest first" },
            { value: "asc", label: "Oldest first" },
          ]}
        />
      )}
      <Tooltip label={wrapLabel} openDelay={300}>
        <ActionIcon
          variant={habits.wrap ? "light" : "default"}
          size={30}
          aria-label="Wrap long messages"
          aria-pressed={habits.wrap}
          onClick={() => habits.setWrap(!habits.wrap)}
        >
          <IconTextWrap size={16} />
        </ActionIcon>
      </Tooltip>
      <Menu>
        <Menu.Target>
          <Tooltip label="Download what is loaded" openDelay={300}>
            <ActionIcon
              variant="default"
              size={30}
              aria-label="Download what is loaded"
              disabled={events.length === 0}
            >
              <IconDownload size={16} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{events.length.toLocaleString("en-US")} loaded events</Menu.Label>
          <Menu.Item
            onClick={() =>
              downloadText(fileNameOf(group, "ndjson"), toNdjson(events), "application/x-ndjson")
            }
          >
            As ND-JSON
          </Menu.Item>
          <Menu.Item onClick={() => downloadText(fileNameOf(group, "txt"), toText(events))}>
            As text
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
