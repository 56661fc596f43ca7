import { Autocomplete, Button, Card, Checkbox, Group, Pill, SegmentedControl } from "@mantine/core";
import type { TrailEvent } from "@nephoscope/contract";
import { IconFilterX } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import classes from "./audit-filters.module.css";
import { valuesSeen } from "./record-facts.ts";
import { type AuditChange, type AuditSearch, isFiltered, noFilters, type TextFilterName } from "./search.ts";

const fields: readonly { name: TextFilterName; label: string; placeholder: string }[] = [
  { name: "eventName", label: "Event", placeholder: "CreateUser" },
  { name: "userName", label: "User", placeholder: "alice" },
  { name: "key", label: "Key or token", placeholder: "ACCA… or AKIA…" },
  { name: "resourceName", label: "Resource", placeholder: "Name or ARN" },
  { name: "sourceIp", label: "Address", placeholder: "10.0.0.7" },
];

/** Filters that only records lead to: they have no field, but can be seen and taken out. */
const others: readonly { name: TextFilterName; label: string }[] = [
  { name: "eventSource", label: "Source" },
  { name: "resourceType", label: "Resource type" },
  { name: "errorCode", label: "Error" },
  { name: "eventId", label: "Event id" },
];

const everything = "all";
const categories = [
  { value: everything, label: "All" },
  { value: "Management", label: "Changes and calls" },
  { value: "Data", label: "Uses of API keys" },
];

interface AuditFiltersProps {
  search: AuditSearch;
  /** What is shown, whose values are suggested. */
  events: readonly TrailEvent[];
  onChange: (next: AuditChange) => void;
}

export function AuditFilters({ search, events, onChange }: AuditFiltersProps) {
  const [opened, setOpened] = useState(false);
  // What finds nothing is most often a name that was mistyped: those of the records before still help.
  const seen = useRef(events);
  if (events.length > 0) seen.current = events;
  const known = seen.current;
  const suggestions = useMemo(
    () => Object.fromEntries(fields.map(({ name }) => [name, valuesSeen(known, name)])),
    [known],
  );
  const used = fields.filter(({ name }) => search[name] !== undefined).length;
  const pills = others.filter(({ name }) => search[name] !== undefined);
  return (
    <Card withBorder padding="sm" component="section" aria-label="Filters">
      <div className={classes.kinds}>
        <SegmentedControl
          size="xs"
          aria-label="What is shown"
          data={categories}
          value={search.category ?? everything}
          onChange={(value) =>
            onChange({ category: value === everything ? undefined : (value as TrailEvent["category"]) })
          }
        />
        <Group gap="sm">
          <Checkbox
            size="xs"
            label="Only failed"
            checked={search.failed === true}
            onChange={(event) => onChange({ failed: event.currentTarget.checked ? true : undefined })}
          />
          <Checkbox
            size="xs"
            label="Only changes"
            checked={search.changes === true}
            onChange={(event) => onChange({ changes: event.currentTarget.checked ? true : undefined })}
          />
          <Button
            hiddenFrom="sm"
            variant="default"
            size="compact-sm"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            {used === 0 ? "Filters" : `Filters (${used})`}
          </Button>
        </Group>
      </div>
      <div className={classes.fields} data-opened={opened || undefined}>
        {fields.map(({ name, ...field }) => (
          <FilterField
            key={name}
            {...field}
            value={search[name] ?? ""}
            suggestions={suggestions[name] ?? []}
            onChange={(value) => onChange({ [name]: value === "" ? undefined : value })}
          />
        ))}
      </div>
      {isFiltered(search) && (
        <Group gap={6} mt="xs">
          {pills.map(({ name, label }) => (
            <Pill
              key={name}
              withRemoveButton
              className={classes.pill}
              onRemove={() => onChange({ [name]: undefined })}
              removeButtonProps={{
                "aria-label": `Remove filter ${label}`,
                "aria-hidden": false,
                tabIndex: 0,
              }}
            >
              {label}: {search[name]}
            </Pill>
          ))}
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<IconFilterX size={13} />}
            onClick={() => onChange(noFilters)}
          >
            Clear filters
          </Button>
        </Group>
      )}
    </Card>
  );
}

interface FilterFieldProps {
  label: string;
  placeholder: string;
  value: string;
  suggestions: string[];
  onChange: (value: string) => void;
}

/** A text that is asked for when it is complete: with Enter, by a suggestion, or by going elsewhere. */
function FilterField({ label, placeholder, value, suggestions, onChange }: FilterFieldProps) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const commit = (text: string) => {
    if (text.trim() !== value) onChange(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // A suggestion that is pointed at is what Enter means.
    if (event.key === "Enter" && !event.currentTarget.getAttribute("aria-activedescendant")) commit(draft);
  };
  return (
    <Autocomplete
      size="xs"
      label={label}
      placeholder={placeholder}
      data={suggestions}
      limit={8}
      value={draft}
      autoComplete="off"
      spellCheck={false}
      clearable
      clearButtonProps={{ "aria-label": `Clear ${label}` }}
      comboboxProps={{ shadow: "md", width: "max-content", position: "bottom-start" }}
      onChange={(text) => {
        setDraft(text);
        // Emptied at once by its button.
        if (text === "" && value !== "") onChange("");
      }}
      onOptionSubmit={commit}
      onBlur={() => commit(draft)}
      onKeyDown={onKeyDown}
    />
  );
}
