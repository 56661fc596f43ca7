import {
  ActionIcon,
  Button,
  Divider,
  Group,
  Popover,
  Stack,
  TextInput,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCalendarTime, IconChevronDown, IconRefresh, IconZoomOut } from "@tabler/icons-react";
import { useState } from "react";
import type { MetricsSearch, SearchChange } from "./search.ts";
import { defaultRange, isFixed, rangePresets, resolveRange, toLocalInput } from "./time-range.ts";
import classes from "./time-range-picker.module.css";

interface TimeRangePickerProps {
  search: MetricsSearch;
  onChange: (next: SearchChange) => void;
  onRefresh: () => void;
  refreshing: boolean;
}

const dateTime = new Intl.DateTimeFormat("en-GB", {
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});

export function TimeRangePicker({ search, onChange, onRefresh, refreshing }: TimeRangePickerProps) {
  const [opened, popover] = useDisclosure(false);
  const fixed = isFixed(search);
  const current = rangePresets.find((preset) => preset.value === (search.range ?? defaultRange));
  const label = fixed
    ? `${dateTime.format(search.from)} – ${dateTime.format(search.to)}`
    : (current?.label ?? "Last 3 hours");
  const choose = (next: SearchChange) => {
    popover.close();
    onChange(next);
  };
  const zoomOut = () => {
    const { from, to } = resolveRange(search, Date.now());
    const half = (to - from) / 2;
    onChange({
      range: undefined,
      from: Math.round(from - half),
      to: Math.min(Date.now(), Math.round(to + half)),
    });
  };
  return (
    <Group gap={6} wrap="nowrap">
      <Popover
        opened={opened}
        onChange={popover.toggle}
        position="bottom-end"
        trapFocus
        shadow="md"
        returnFocus
      >
        <Popover.Target>
          <Button
            variant="default"
            leftSection={<IconCalendarTime size={16} />}
            rightSection={<IconChevronDown size={14} />}
            onClick={popover.toggle}
            aria-label={`Time range: ${label}`}
          >
            {label}
          </Button>
        </Popover.Target>
        <Popover.Dropdown p={0} w={270}>
          <Stack gap={0} py={6}>
            {rangePresets.map((preset) => (
              <UnstyledButton
                key={preset.value}
                className={classes.preset}
                data-current={(!fixed && preset === current) || undefined}
                onClick={() => choose({ range: preset.value, from: undefined, to: undefined })}
              >
                {preset.label}
              </UnstyledButton>
            ))}
          </Stack>
          <Divider />
          <CustomRange key={label} search={search} onApply={choose} />
        </Popover.Dropdown>
      </Popover>
      <Tooltip label="Zoom out" openDelay={300}>
        <ActionIcon variant="default" size={36} aria-label="Zoom out" onClick={zoomOut}>
          <IconZoomOut size={17} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Refresh" openDelay={300}>
        <ActionIcon variant="default" size={36} aria-label="Refresh" loading={refreshing} onClick={onRefresh}>
          <IconRefresh size={17} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function CustomRange({ search, onApply }: { search: MetricsSearch; onApply: (next: SearchChange) => void }) {
  const shown = resolveRange(search, Date.now());
  const [from, setFrom] = useState(toLocalInput(shown.from));
  const [to, setTo] = useState(toLocalInput(shown.to));
  const start = Date.parse(from);
  const end = Date.parse(to);
  const valid = Number.isFinite(start) && Number.isFinite(end) && start < end;
  return (
    <Stack gap="xs" p="sm">
      <TextInput
        type="datetime-local"
        label="From"
        size="xs"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label="To"
        size="xs"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        error={valid ? undefined : "Must be after the start."}
      />
      <Button size="xs" disabled={!valid} onClick={() => onApply({ range: undefined, from: start, to: end })}>
        Apply
      </Button>
    </Stack>
  );
}
