import "uplot/dist/uPlot.min.css";
import { Box, useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import { type ChartLine, isolatedPoints } from "./aligned-series.ts";
import classes from "./time-series-chart.module.css";

interface TimeSeriesChartProps {
  /** What the chart shows, for those who cannot see it. */
  label: string;
  /** Epoch milliseconds, ascending. */
  times: number[];
  lines: ChartLine[];
  from: number;
  to: number;
  height: number;
  hidden: ReadonlySet<string>;
  format: (value: number) => string;
  onZoom: (from: number, to: number) => void;
  /** Index into `times` under the cursor, or null outside. */
  onCursor: (index: number | null) => void;
}

const paints = {
  light: { text: "#5a6776", grid: "#e7ebf0" },
  dark: { text: "#93a0b0", grid: "#242e3a" },
};

/** Lines over time. Dragging zooms; gaps stay gaps. */
export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { times, lines, from, to, height, hidden, label } = props;
  const scheme = useComputedColorScheme("light");
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const shape = lines.map((line) => `${line.label} ${line.color}`).join("\n");

  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart is made anew only when its lines or colours differ; data and size are set below.
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = new UPlot(optionsOf(latest, scheme, element.clientWidth), dataOf(latest.current), element);
    chart.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0)
        made.setSize({ width: element.clientWidth, height: latest.current.height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape, scheme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: lines come with times.
  useEffect(() => {
    chart.current?.setData(dataOf(latest.current));
  }, [times, from, to]);

  useEffect(() => {
    const made = chart.current;
    if (made !== null && made.height !== height) made.setSize({ width: made.width, height });
  }, [height]);

  useEffect(() => {
    chart.current?.batch(() => {
      lines.forEach((line, index) => {
        chart.current?.setSeries(index + 1, { show: !hidden.has(line.label) });
      });
    });
  }, [hidden, lines]);

  return <Box ref={host} className={classes.host} mih={height} role="img" aria-label={label} />;
}

/** uPlot counts the time axis as series 0. */
function isolatedOf({ lines }: TimeSeriesChartProps, place: number): number[] {
  return isolatedPoints(lines[place - 1]?.values ?? []);
}

function dataOf({ times, lines }: TimeSeriesChartProps): UPlot.AlignedData {
  return [times.map((at) => at / 1000), ...lines.map((line) => line.values)];
}

function optionsOf(
  latest: { current: TimeSeriesChartProps },
  scheme: "light" | "dark",
  width: number,
): UPlot.Options {
  const paint = paints[scheme];
  const font = "12px system-ui, sans-serif";
  const axis = {
    stroke: paint.text,
    font,
    grid: { stroke: paint.grid, width: 1 },
    ticks: { stroke: paint.grid, width: 1, size: 5 },
  };
  return {
    width,
    height: latest.current.height,
    legend: { show: false },
    cursor: {
      points: { size: 7 },
      drag: { x: true, y: false, setScale: false },
      focus: { prox: 24 },
    },
    focus: { alpha: 0.35 },
    scales: {
      x: { time: true, range: () => [latest.current.from / 1000, latest.current.to / 1000] },
      y: { range: (_chart, min, max) => valueRange(min, max) },
    },
    axes: [
      { ...axis, space: 72, values: (_chart, ticks, _axis, _space, step) => timeLabels(ticks, step) },
      { ...axis, size: 72, values: (_chart, ticks) => ticks.map((tick) => latest.current.format(tick)) },
    ],
    series: [
      {},
      ...latest.current.lines.map((line) => ({
        label: line.label,
        stroke: line.color,
        width: 1.6,
        spanGaps: false,
        show: !latest.current.hidden.has(line.label),
        points: {
          size: 5,
          show: true,
          filter: (_chart: UPlot, place: number) => isolatedOf(latest.current, place),
        },
      })),
    ],
    hooks: {
      setCursor: [(made) => latest.current.onCursor(made.cursor.idx ?? null)],
      setSelect: [
        (made) => {
          if (made.select.width < 6) return;
          const start = made.posToVal(made.select.left, "x");
          const end = made.posToVal(made.select.left + made.select.width, "x");
          made.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          latest.current.onZoom(Math.round(start * 1000), Math.round(end * 1000));
        },
      ],
    },
  };
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const clockWithSeconds = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** Local times; the date stands below the first one and wherever it changes. */
function timeLabels(ticks: readonly number[], step: number): string[] {
  let shown = "";
  return ticks.map((tick) => {
    const date = day.format(tick * 1000);
    if (step >= 86_400) return date;
    const time = (step < 60 ? clockWithSeconds : clock).format(tick * 1000);
    const label = date === shown ? time : `${time}\n${date}`;
    shown = date;
    return label;
  });
}

/** Zero belongs to the picture unless the values move in a narrow band far from it. */
function valueRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  if (min === max) return min === 0 ? [0, 1] : min > 0 ? [0, min * 1.25] : [min * 1.25, 0];
  const pad = (max - min) * 0.08;
  const low = min >= 0 && min < max * 0.7 ? 0 : min - pad;
  return [low, max <= 0 && max > min * 0.7 ? 0 : max + pad];
}
