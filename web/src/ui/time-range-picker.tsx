import {
  ActionIcon,
  Button,
  Divider,
  Group,
  Popover,
  ScrollArea,
  Stack,
  TextInput,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCalendarTime, IconChevronDown, IconRefresh, IconZoomOut } from "@tabler/icons-react";
import { useState } from "react";
import { isFixed, type RangeChoice, type RangePreset, resolveRange } from "./time-range.ts";
import classes from "./time-range-picker.module.css";
import { ZoneSwitch } from "./zone-switch.tsx";
import { formatSpan, fromDateInput, toDateInput } from "./zoned-time.ts";

interface TimeRangePickerProps<Value extends string> {
  presets: readonly RangePreset<Value>[];
  choice: RangeChoice<Value>;
  /** The preset of an empty choice. */
  fallback: Value;
  onChange: (next: RangeChoice<Value>) => void;
  onRefresh: () => void;
  refreshing: boolean;
  /** Whether times are shown and entered in UTC; with `onUtc` that can be switched. */
  utc?: boolean;
  onUtc?: (utc: boolean) => void;
}

export function TimeRangePicker<Value extends string>(props: TimeRangePickerProps<Value>) {
  const { presets, choice, fallback, onChange, utc = false } = props;
  const [opened, popover] = useDisclosure(false);
  const fixed = isFixed(choice);
  const current = presets.find((preset) => preset.value === (choice.range ?? fallback));
  const resolve = () => resolveRange(presets, choice, fallback, Date.now());
  const label = fixed
    ? `${formatSpan(choice.from ?? 0, choice.to ?? 0, utc)}${utc ? " UTC" : ""}`
    : (current?.label ?? "");
  const choose = (next: RangeChoice<Value>) => {
    popover.close();
    onChange(next);
  };
  const zoomOut = () => {
    const { from, to } = resolve();
    const half = (to - from) / 2;
    onChange({
      range: undefined,
      from: Math.round(from - half),
      to: Math.min(Date.now(), Math.round(to + half)),
    });
  };
  return (
    <Group gap={6} wrap="nowrap" miw={0}>
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
            miw={0}
          >
            {label}
          </Button>
        </Popover.Target>
        <Popover.Dropdown p={0} w={270}>
          <ScrollArea.Autosize mah={260}>
            <Stack gap={0} py={6}>
              {presets.map((preset) => (
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
          </ScrollArea.Autosize>
          <Divider />
          <CustomRange key={`${label} ${utc}`} shown={resolve()} utc={utc} onApply={choose} />
          {props.onUtc !== undefined && (
            <Stack px="sm" pb="sm">
              <ZoneSwitch utc={utc} onUtc={props.onUtc} local="Local time" fullWidth />
            </Stack>
          )}
        </Popover.Dropdown>
      </Popover>
      <Tooltip label="Zoom out" openDelay={300}>
        <ActionIcon variant="default" size={36} aria-label="Zoom out" onClick={zoomOut}>
          <IconZoomOut size={17} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Refresh" openDelay={300}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label="Refresh"
          loading={props.refreshing}
          onClick={props.onRefresh}
        >
          <IconRefresh size={17} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

interface CustomRangeProps {
  shown: { from: number; to: number };
  utc: boolean;
  onApply: (next: { range: undefined; from: number; to: number }) => void;
}

function CustomRange({ shown, utc, onApply }: CustomRangeProps) {
  const [from, setFrom] = useState(toDateInput(shown.from, utc));
  const [to, setTo] = useState(toDateInput(shown.to, utc));
  const start = fromDateInput(from, utc);
  const end = fromDateInput(to, utc);
  const valid = Number.isFinite(start) && Number.isFinite(end) && start < end;
  return (
    <Stack gap="xs" p="sm">
      <TextInput
        type="datetime-local"
        step={1}
        label="From"
        size="xs"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        step={1}
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
