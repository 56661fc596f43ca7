import { type ComboboxItem, Group, MultiSelect, Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { logGroupsQuery, logStreamsQuery } from "../../api/logs.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import type { LogsChange } from "./search.ts";

interface SourceFieldsProps {
  group: string | undefined;
  streams: readonly string[];
  onChange: (next: LogsChange) => void;
}

const choicesMost = 200;

/** Which group, and which of its streams. */
export function SourceFields({ group, streams, onChange }: SourceFieldsProps) {
  return (
    <>
      <GroupSelect
        group={group}
        // Streams of one group mean nothing in another.
        onChange={(next) => onChange({ group: next, streams: undefined })}
      />
      <StreamSelect
        key={group}
        group={group}
        streams={streams}
        onChange={(next) => onChange({ streams: next.length === 0 ? undefined : next })}
      />
    </>
  );
}

function GroupSelect({ group, onChange }: { group: string | undefined; onChange: (group: string) => void }) {
  const [text, setText] = useState("");
  const [needle] = useDebouncedValue(text, 200);
  const groups = useQuery(
    // The chosen name stands in the field; it is not a search.
    logGroupsQuery({ limit: choicesMost, ...(needle === "" || needle === group ? {} : { text: needle }) }),
  );
  const items = groups.data?.items ?? [];
  const last = new Map(items.map((item) => [item.name, item.lastEventAt]));
  const names = items.map((item) => item.name);
  return (
    <Select
      label="Log group"
      placeholder="Choose"
      searchable
      allowDeselect={false}
      data={group === undefined || last.has(group) ? names : [group, ...names]}
      value={group ?? null}
      onChange={(next) => next !== null && onChange(next)}
      onSearchChange={setText}
      nothingFoundMessage={groups.isFetching ? "Searching…" : "No group has this in its name"}
      renderOption={({ option }: { option: ComboboxItem }) => (
        <Group justify="space-between" wrap="nowrap" flex={1} gap="sm">
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {option.label}
          </Text>
          {last.has(option.value) && (
            <Text size="xs" c="dimmed" component="span">
              <RelativeTime at={last.get(option.value)} fallback="empty" />
            </Text>
          )}
        </Group>
      )}
      maxDropdownHeight={340}
      comboboxProps={{ width: "max(100%, 320px)", position: "bottom-start" }}
    />
  );
}

interface StreamSelectProps {
  group: string | undefined;
  streams: readonly string[];
  onChange: (streams: string[]) => void;
}

function StreamSelect({ group, streams, onChange }: StreamSelectProps) {
  const [text, setText] = useState("");
  const [prefix] = useDebouncedValue(text, 200);
  const found = useQuery({
    ...logStreamsQuery({
      group: group ?? "",
      limit: choicesMost,
      // Those that sent last are those that are looked for.
      ...(prefix === "" ? { orderBy: "lastEventTime", descending: true } : { prefix }),
    }),
    enabled: group !== undefined,
  });
  const names = found.data?.items.map((stream) => stream.name) ?? [];
  return (
    <MultiSelect
      label="Streams"
      placeholder={streams.length === 0 ? "All streams" : undefined}
      searchable
      clearable
      disabled={group === undefined}
      data={[...new Set([...streams, ...names])]}
      value={[...streams]}
      onChange={onChange}
      searchValue={text}
      onSearchChange={setText}
      // One chosen stream and the cursor behind it fit on one line.
      styles={{ inputField: { minWidth: 20 } }}
      maxValues={100}
      nothingFoundMessage={found.isFetching ? "Searching…" : "No stream begins like this"}
      maxDropdownHeight={340}
      comboboxProps={{ width: "max(100%, 280px)", position: "bottom-start" }}
    />
  );
}
