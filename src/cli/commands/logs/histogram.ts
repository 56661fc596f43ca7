import type { LogHistogram } from "../../../contract/index.ts";
import { drawChart } from "../../output/chart.ts";
import { escapeText } from "../../output/escape.ts";
import { formatDuration } from "../../output/format.ts";
import { tableOr } from "../../output/output.ts";
import type { Terminal } from "../../terminal.ts";

interface Range {
  readonly group: string;
  readonly pattern: string | undefined;
  readonly from: number;
  readonly to: number;
}

/** A chart on a terminal, else a line for each stretch of time that has events. */
export function describeHistogram(histogram: LogHistogram, range: Range, terminal: Terminal): string {
  const { buckets, stepMs, total } = histogram;
  if (!terminal.interactive)
    return tableOr(
      "No event matches in this range.",
      ["From", "Events"],
      buckets
        .filter(({ count }) => count > 0)
        .map(({ startMs, count }) => [new Date(startMs).toISOString(), count]),
    );
  const drawn = drawChart([{ label: range.pattern || "all events", points: withZeros(histogram, range) }], {
    from: range.from,
    to: range.to,
    stepMs,
    width: Math.min(terminal.columns, 140),
    height: Math.max(6, Math.min(16, terminal.rows - 7)),
    colour: terminal.colour,
    unit: null,
  });
  return `${escapeText(range.group)}: ${total} events, counted every ${formatDuration(stepMs)}\n\n${drawn}`;
}

/** Stretches without events may be absent from the answer, but are zero and no gap. */
function withZeros({ buckets, stepMs }: LogHistogram, { from, to }: Range): [number, number][] {
  const counts = new Map(buckets.map(({ startMs, count }) => [startMs, count]));
  const points: [number, number][] = [];
  for (let start = Math.floor(from / stepMs) * stepMs; start < to; start += stepMs)
    points.push([start, counts.get(start) ?? 0]);
  return points;
}
