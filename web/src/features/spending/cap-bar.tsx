import { Group, Text } from "@mantine/core";
import { formatDollarRange, formatDollars } from "../../ui/format.ts";
import classes from "./cap-bar.module.css";

interface Range {
  low: number;
  high: number;
}

interface CapBarProps {
  spent: Range;
  projected: Range | null;
  capUsd: number | null;
}

/** Spent so far (sure, then possible), what the month will come to, and a mark at the cap, on one scale. */
export function CapBar({ spent, projected, capUsd }: CapBarProps) {
  const most = Math.max(spent.high, projected?.high ?? 0, capUsd ?? 0);
  if (most === 0) return null;
  const percent = (value: number) => `${(value / (most * 1.04)) * 100}%`;
  const said = [
    `spent ${formatDollarRange(spent)}`,
    projected === null ? "" : `projected ${formatDollarRange(projected)}`,
    capUsd === null ? "no cap" : `cap ${formatDollars(capUsd)}`,
  ];
  return (
    <div>
      <div className={classes.track} role="img" aria-label={said.filter((part) => part !== "").join(", ")}>
        {projected !== null && (
          <div className={classes.projected} style={{ width: percent(projected.high) }} />
        )}
        <div className={classes.high} style={{ width: percent(spent.high) }} />
        <div
          className={classes.low}
          data-over={(capUsd !== null && spent.high >= capUsd) || undefined}
          style={{ width: percent(spent.low) }}
        />
        {capUsd !== null && <div className={classes.cap} style={{ left: percent(capUsd) }} />}
      </div>
      <Group gap="md" mt={6} fz="xs" c="dimmed">
        <Text inherit>
          <span className={classes.key} data-of="low" /> spent, at least
        </Text>
        <Text inherit>
          <span className={classes.key} data-of="high" /> at most
        </Text>
        {projected !== null && (
          <Text inherit>
            <span className={classes.key} data-of="projected" /> by the end of the month
          </Text>
        )}
        {capUsd !== null && (
          <Text inherit>
            <span className={classes.key} data-of="cap" /> cap {formatDollars(capUsd)}
          </Text>
        )}
      </Group>
    </div>
  );
}
