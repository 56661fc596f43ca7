import type { MetricQueryResult } from "../contract/metric.ts";

const linesPerChunk = 1_000;

/**
 * One line per point: time, a column per label, value. In pieces, so that half a million points need
 * not be one string.
 */
export function* renderMetricsCsv(result: Pick<MetricQueryResult, "series">): Generator<string> {
  const labelNames = [...new Set(result.series.flatMap(({ labels }) => Object.keys(labels)))].sort();
  let lines = [csvLine(["time", ...labelNames, "value"])];
  for (const { labels, points } of result.series) {
    const cells = labelNames.map((name) => labels[name] ?? "");
    for (const [time, value] of points) {
      lines.push(csvLine([new Date(time).toISOString(), ...cells, value]));
      if (lines.length < linesPerChunk) continue;
      yield lines.join("");
      lines = [];
    }
  }
  if (lines.length) yield lines.join("");
}

/** A record of RFC 4180, with its line break. */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/**
 * Text that a spreadsheet would run as a formula gets an apostrophe in front; names of dimensions and
 * their values are chosen by whoever owns the AWS account. Numbers stay numbers.
 */
function csvCell(cell: string | number): string {
  if (typeof cell === "number") return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) && !isNumeric(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isNumeric(text: string): boolean {
  return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);
}
