import { Table, Text, UnstyledButton } from "@mantine/core";
import type { ChartLine } from "../../ui/aligned-series.ts";
import { formatAbsolute, formatMetricValue } from "../../ui/format.ts";
import classes from "./metric-legend.module.css";

interface MetricLegendProps {
  lines: ChartLine[];
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
  /** Index of the time under the cursor. */
  cursor: number | null;
  time: number | undefined;
  /** Says how chart and legend are used; once is enough for several. */
  hint: boolean;
}

/** The lines with their figures. A click hides or shows a line; with Ctrl, ⌘ or Alt it shows that line alone. */
export function MetricLegend({ lines, hidden, onHidden, cursor, time, hint }: MetricLegendProps) {
  const toggle = (label: string, alone: boolean) => {
    if (alone) {
      const others = lines.map((line) => line.label).filter((other) => other !== label);
      const alreadyAlone = !hidden.has(label) && others.every((other) => hidden.has(other));
      onHidden(new Set(alreadyAlone ? [] : others));
      return;
    }
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    onHidden(next);
  };
  return (
    <div>
      <Table.ScrollContainer minWidth={280} maxHeight={300} type="native">
        <Table verticalSpacing={3} fz="xs" stickyHeader className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Series</Table.Th>
              <Table.Th ta="right" w={96} visibleFrom="xs">
                Cursor
              </Table.Th>
              <Table.Th ta="right" w={86}>
                Last
              </Table.Th>
              <Table.Th ta="right" w={86} visibleFrom="xs">
                Min
              </Table.Th>
              <Table.Th ta="right" w={86} visibleFrom="xs">
                Average
              </Table.Th>
              <Table.Th ta="right" w={86}>
                Max
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map((line) => (
              <LegendRow
                key={line.label}
                line={line}
                shown={!hidden.has(line.label)}
                cursor={cursor}
                onToggle={(alone) => toggle(line.label, alone)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed" mt={6} mih={18}>
        {time !== undefined
          ? formatAbsolute(time)
          : hint && "Drag over the chart to zoom. Click a series to hide it, Ctrl-click to see it alone."}
      </Text>
    </div>
  );
}

interface LegendRowProps {
  line: ChartLine;
  shown: boolean;
  cursor: number | null;
  onToggle: (alone: boolean) => void;
}

function LegendRow({ line, shown, cursor, onToggle }: LegendRowProps) {
  const figures = figuresOf(line.values);
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? "–" : formatMetricValue(value, line.unit);
  return (
    <Table.Tr opacity={shown ? 1 : 0.45}>
      <Table.Td>
        <UnstyledButton
          className={classes.name}
          aria-pressed={shown}
          onClick={(event) => onToggle(event.ctrlKey || event.metaKey || event.altKey)}
        >
          <span
            className={classes.swatch}
            data-faded={line.faded || undefined}
            style={{ background: shown && !line.faded ? line.color : "transparent", borderColor: line.color }}
          />
          <span className={classes.label}>{line.label}</span>
        </UnstyledButton>
      </Table.Td>
      <Table.Td ta="right" fw={600} visibleFrom="xs">
        {cursor === null ? "" : text(line.values[cursor])}
      </Table.Td>
      <Table.Td ta="right">{text(figures.last)}</Table.Td>
      <Table.Td ta="right" visibleFrom="xs">
        {text(figures.min)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="xs">
        {text(figures.average)}
      </Table.Td>
      <Table.Td ta="right">{text(figures.max)}</Table.Td>
    </Table.Tr>
  );
}

function figuresOf(values: ChartLine["values"]) {
  let [min, max, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  let last: number | null = null;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    count += 1;
    last = value;
  }
  return count === 0 ? { last } : { last, min, max, average: sum / count };
}
