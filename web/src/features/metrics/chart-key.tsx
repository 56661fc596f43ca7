import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./chart-key.module.css";

interface ChartKeyProps {
  changing: boolean;
  weekBefore: boolean;
  owed: boolean;
  lost: boolean;
  runs: boolean;
}

/** What the strokes and marks of the chart mean; only those that are there. */
export function ChartKey({ changing, weekBefore, owed, lost, runs }: ChartKeyProps) {
  if (!changing && !weekBefore && !owed && !lost && !runs) return null;
  return (
    <Group gap="md" role="group" aria-label="Key">
      {changing && (
        <Entry
          sign={
            <>
              <line className={classes.changing} x1="0" y1="6" x2="24" y2="6" />
              <circle className={classes.hollow} cx="12" cy="6" r="3" />
            </>
          }
        >
          may still change
        </Entry>
      )}
      {weekBefore && (
        <Entry sign={<line className={classes.before} x1="0" y1="6" x2="24" y2="6" />}>week before</Entry>
      )}
      {owed && <Entry sign={<rect className={classes.owed} width="24" height="12" />}>owed</Entry>}
      {lost && <Entry sign={<rect className={classes.lost} width="24" height="12" />}>lost</Entry>}
      {runs && <Entry sign={<path className={classes.run} d="M12 0 L18 12 L6 12 Z" />}>run in trouble</Entry>}
    </Group>
  );
}

function Entry({ sign, children }: { sign: ReactNode; children: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <svg width="24" height="12" aria-hidden="true">
        {sign}
      </svg>
      <Text size="xs" c="dimmed">
        {children}
      </Text>
    </Group>
  );
}
