import { Text, Tooltip } from "@mantine/core";
import type { Spending } from "@nephoscope/contract";
import { formatCount, formatDollarRange, formatDollars } from "../../ui/format.ts";
import classes from "./day-bars.module.css";

type Day = Spending["items"][number];

/** A bar for each day of the month: what it cost at least, and above it what it may have cost. */
export function DayBars({ month, days }: { month: string; days: readonly Day[] }) {
  const known = new Map(days.map((day) => [day.key, day]));
  const most = Math.max(...days.map((day) => day.usd.high), 0);
  if (most === 0) {
    return (
      <Text size="sm" c="dimmed">
        No call that costs anything.
      </Text>
    );
  }
  const dearest = days.reduce((top, day) => (day.usd.high > top.usd.high ? day : top));
  return (
    <div>
      <ol className={classes.bars} aria-label={`Cost by day; the dearest was ${dearest.name}`}>
        {daysOf(month).map((key) => (
          <Bar key={key} day={known.get(key)} name={key} most={most} />
        ))}
      </ol>
      <div className={classes.axis} aria-hidden>
        <span>1</span>
        <span>up to {formatDollars(most)} a day</span>
        <span>{daysOf(month).length}</span>
      </div>
    </div>
  );
}

function Bar({ day, name, most }: { day: Day | undefined; name: string; most: number }) {
  const said =
    day === undefined
      ? `${name}: nothing`
      : `${name}: ${formatDollarRange(day.usd)}, ${formatCount(day.calls)} calls`;
  const height = (value: number) => `${(value / most) * 100}%`;
  return (
    <Tooltip label={said}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the figures of a day must be reachable by keyboard. */}
      <li className={classes.bar} aria-label={said} tabIndex={0}>
        {day !== undefined && (
          <>
            <span className={classes.high} style={{ height: height(day.usd.high) }} />
            <span className={classes.low} style={{ height: height(day.usd.low) }} />
          </>
        )}
      </li>
    </Tooltip>
  );
}

/** `2026-11` as its days in UTC, as AWS bills them. */
function daysOf(month: string): string[] {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length }, (_, index) => `${month}-${String(index + 1).padStart(2, "0")}`);
}
