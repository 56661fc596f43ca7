import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { FieldLabel } from "./field-label.tsx";
import type { Pair } from "./pairs.ts";

interface PairsEditorProps {
  label: string;
  description?: string;
  value: readonly Pair[];
  onChange: (value: Pair[]) => void;
  addLabel?: string;
  keyPlaceholder?: string;
  valuePlaceholder?: string;
  error?: string | undefined;
}

/** Edits a map of texts as rows. */
export function PairsEditor(props: PairsEditorProps) {
  const { value, onChange } = props;
  const replace = (index: number, change: Partial<Pair>) =>
    onChange(value.map((pair, position) => (position === index ? { ...pair, ...change } : pair)));
  return (
    <Stack gap={6} role="group" aria-label={props.label}>
      <FieldLabel description={props.description}>{props.label}</FieldLabel>
      {value.map((pair, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their position; both inputs are controlled.
        <Group key={index} gap={6} wrap="nowrap">
          <TextInput
            aria-label={`${props.label}: key ${index + 1}`}
            placeholder={props.keyPlaceholder ?? "key"}
            value={pair.key}
            onChange={(event) => replace(index, { key: event.currentTarget.value })}
            style={{ flex: 1 }}
          />
          <TextInput
            aria-label={`${props.label}: value ${index + 1}`}
            placeholder={props.valuePlaceholder ?? "value"}
            value={pair.value}
            onChange={(event) => replace(index, { value: event.currentTarget.value })}
            style={{ flex: 1 }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${pair.key || `row ${index + 1}`}`}
            onClick={() => onChange(value.filter((_, position) => position !== index))}
          >
            <IconX size={15} />
          </ActionIcon>
        </Group>
      ))}
      {props.error !== undefined && (
        <Text size="xs" c="red">
          {props.error}
        </Text>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...value, { key: "", value: "" }])}
        style={{ alignSelf: "flex-start" }}
      >
        {props.addLabel ?? "Add"}
      </Button>
    </Stack>
  );
}
