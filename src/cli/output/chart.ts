import { escapeText } from "./escape.ts";
import { formatNumber } from "./format.ts";

export interface ChartSeries {
  readonly label: string;
  /** [epoch milliseconds, value], ascending. */
  readonly points: readonly (readonly [number, number])[];
}

export interface ChartOptions {
  readonly from: number;
  readonly to: number;
  /** Width of a bucket. Gaps wider than two steps, or two of the series' own when it is sparser, are left open. */
  readonly stepMs: number;
  readonly width: number;
  readonly height: number;
  readonly colour: boolean;
  readonly unit: string | null;
}

const colours = [36, 33, 35, 32, 34, 31, 96, 93];
/** Bits of a braille cell, by column and row of its two by four dots. */
const dotBits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const axisWidth = 10;

interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly bits: Uint8Array;
  /** Index of the series that drew last into a cell, plus one. */
  readonly owner: Uint16Array;
}

/** A line chart of braille dots with axes and a legend. Later series draw over earlier ones. */
export function drawChart(series: readonly ChartSeries[], options: ChartOptions): string {
  const values = series.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  if (values.length === 0) return "No data in this range.\n";
  const [low, high] = valueRange(values);
  const columns = Math.max(10, options.width - axisWidth - 2);
  const canvas = createCanvas(columns, Math.max(3, options.height));
  for (const [index, { points }] of series.entries()) drawSeries(canvas, points, index, low, high, options);
  return [
    ...frame(canvas, low, high, options),
    timeAxis(columns, options),
    ...series.map((one, index) => legendLine(one, index, options)),
    "",
  ].join("\n");
}

function createCanvas(columns: number, rows: number): Canvas {
  return { columns, rows, bits: new Uint8Array(columns * rows), owner: new Uint16Array(columns * rows) };
}

/** The axis starts at zero when that costs little: a chart of 98 to 99 should show its movement, one of 2 to 9 its size. */
function valueRange(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > 0 && low < high * 0.6) low = 0;
  if (low === high) return low === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, high)];
  return [low, high];
}

function drawSeries(
  canvas: Canvas,
  points: ChartSeries["points"],
  index: number,
  low: number,
  high: number,
  options: ChartOptions,
): void {
  const toX = (time: number) =>
    ((time - options.from) / (options.to - options.from)) * (canvas.columns * 2 - 1);
  const toY = (value: number) => (1 - (value - low) / (high - low)) * (canvas.rows * 4 - 1);
  const gapMs = 2 * Math.max(options.stepMs, typicalSpacing(points));
  let previous: readonly [number, number] | undefined;
  for (const point of points) {
    if (!Number.isFinite(point[1])) continue;
    const joined = previous !== undefined && point[0] - previous[0] <= gapMs;
    const start = joined && previous !== undefined ? previous : point;
    drawLine(canvas, toX(start[0]), toY(start[1]), toX(point[0]), toY(point[1]), index);
    previous = point;
  }
}

/** The median distance: EC2 reports every five minutes where others report every one, and that is no gap. */
function typicalSpacing(points: ChartSeries["points"]): number {
  const distances = points
    .slice(1)
    .map(([time], index) => time - (points[index] as readonly [number, number])[0]);
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
}

function drawLine(canvas: Canvas, x0: number, y0: number, x1: number, y1: number, index: number): void {
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
  for (let step = 0; step <= steps; step++) {
    const part = step / steps;
    setDot(canvas, Math.round(x0 + (x1 - x0) * part), Math.round(y0 + (y1 - y0) * part), index);
  }
}

function setDot(canvas: Canvas, x: number, y: number, index: number): void {
  if (x < 0 || y < 0 || x >= canvas.columns * 2 || y >= canvas.rows * 4) return;
  const cell = Math.floor(y / 4) * canvas.columns + Math.floor(x / 2);
  canvas.bits[cell] =
    (canvas.bits[cell] as number) | ((dotBits[x % 2] as readonly number[])[y % 4] as number);
  canvas.owner[cell] = index + 1;
}

function frame(canvas: Canvas, low: number, high: number, options: ChartOptions): string[] {
  const middle = Math.floor((canvas.rows - 1) / 2);
  return Array.from({ length: canvas.rows }, (_, row) => {
    const share = row / (canvas.rows - 1);
    const labelled = row === 0 || row === middle || row === canvas.rows - 1;
    const label = labelled ? formatNumber(high - (high - low) * share) : "";
    return `${label.padStart(axisWidth)} ${labelled ? "┤" : "│"}${canvasRow(canvas, row, options.colour)}`;
  });
}

function canvasRow(canvas: Canvas, row: number, colour: boolean): string {
  let text = "";
  for (let column = 0; column < canvas.columns; column++) {
    const cell = row * canvas.columns + column;
    const bits = canvas.bits[cell] as number;
    const character = bits === 0 ? " " : String.fromCodePoint(0x2800 + bits);
    text += bits === 0 ? character : paint(character, (canvas.owner[cell] as number) - 1, colour);
  }
  return text.trimEnd();
}

function timeAxis(columns: number, { from, to }: ChartOptions): string {
  const withDay = to - from > 20 * 3_600_000;
  const format = (time: number) => {
    const text = new Date(time).toISOString();
    return withDay ? `${text.slice(5, 10)} ${text.slice(11, 16)}` : text.slice(11, 16);
  };
  const labels = [from, from + (to - from) / 2, to].map(format) as [string, string, string];
  const gap = Math.max(1, Math.floor((columns - labels.join("").length) / 2));
  const line = `${labels[0]}${" ".repeat(gap)}${labels[1]}${" ".repeat(gap)}${labels[2]} UTC`;
  return `${" ".repeat(axisWidth)} └${"─".repeat(columns)}\n${" ".repeat(axisWidth + 2)}${line}`;
}

function legendLine({ label, points }: ChartSeries, index: number, options: ChartOptions): string {
  const values = points.map(([, value]) => value);
  const unit = options.unit && options.unit !== "None" ? ` ${escapeText(options.unit)}` : "";
  const facts =
    values.length === 0
      ? "no data"
      : `last ${formatNumber(values.at(-1) as number)}, min ${formatNumber(smallest(values))}, max ${formatNumber(-smallest(values.map((value) => -value)))}${unit}`;
  return `${paint("━━", index, options.colour)} ${escapeText(label)}: ${facts}`;
}

function smallest(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
}

function paint(text: string, index: number, colour: boolean): string {
  return colour ? `\u001b[${colours[index % colours.length]}m${text}\u001b[0m` : text;
}
