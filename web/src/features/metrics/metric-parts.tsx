import { Button, Group, UnstyledButton } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import classes from "./metric-parts.module.css";
import { type MetricPart, type MetricsSearch, metricsMost, partsOf, withParts } from "./search.ts";

interface MetricPartsProps {
  search: MetricsSearch;
  onChange: (next: MetricsSearch) => void;
}

/** The metrics of the chart: one of them is edited by the fields below, more can be added. */
export function MetricParts({ search, onChange }: MetricPartsProps) {
  const parts = partsOf(search);
  const editing = search.edit ?? 0;
  const remove = (index: number) =>
    onChange(
      withParts(
        search,
        parts.filter((_part, place) => place !== index),
        editing > index ? editing - 1 : Math.min(editing, parts.length - 2),
      ),
    );
  const add = () => onChange(withParts(search, [...parts, namespaceOf(parts.at(-1))], parts.length));
  const complete = parts.every((part) => part.stat !== undefined);
  if (parts.length === 1 && !complete) return null;
  return (
    <Group gap={6} mb="sm" role="group" aria-label="Metrics on the chart">
      {parts.length > 1 &&
        parts.map((part, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a metric has no identity but its place in the address.
            key={index}
            className={classes.part}
            data-editing={index === editing || undefined}
          >
            <UnstyledButton
              className={classes.name}
              aria-pressed={index === editing}
              onClick={() => onChange(withParts(search, parts, index))}
            >
              {titleOf(part)}
            </UnstyledButton>
            <UnstyledButton
              className={classes.remove}
              aria-label={`Remove ${titleOf(part)}`}
              onClick={() => remove(index)}
            >
              <IconX size={13} />
            </UnstyledButton>
          </div>
        ))}
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={14} />}
        disabled={!complete || parts.length >= metricsMost}
        onClick={add}
      >
        Add metric
      </Button>
    </Group>
  );
}

const namespaceOf = (part: MetricPart | undefined): MetricPart =>
  part?.ns === undefined ? {} : { ns: part.ns };

const titleOf = ({ metric, stat }: MetricPart) =>
  metric === undefined ? "New metric" : stat === undefined ? metric : `${metric} · ${stat}`;
