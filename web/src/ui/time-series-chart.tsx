import "uplot/dist/uPlot.min.css";
import { Box, useComputedColorScheme } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import UPlot from "uplot";
import { type ChartLine, fadedColor, isolatedPoints, splitChanging } from "./aligned-series.ts";
import { formatMetricValue } from "./format.ts";
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
  /** One unit for the axis on the left, and one more for an axis on the right. */
  units: (string | null)[];
  /** Drawn over the plot, which it is told the place of. */
  children?: ReactNode;
  onZoom: (from: number, to: number) => void;
  /** Index into `times` under the cursor, or null outside. */
  onCursor: (index: number | null) => void;
}

const paints = {
  light: { text: "#5a6776", grid: "#e7ebf0", paper: "#ffffff" },
  dark: { text: "#93a0b0", grid: "#242e3a", paper: "#161d26" },
};

/** Lines over time. Dragging zooms; gaps stay gaps; what may still change is dashed, with hollow points. */
export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { times, lines, from, to, height, hidden, label } = props;
  const scheme = useComputedColorScheme("light");
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [plot, setPlot] = useState<PlotArea | null>(null);
  const shape = [
    ...drawsOf(props).map((draw) => `${draw.label} ${draw.color} ${draw.changing} ${draw.line.faded}`),
    ...props.units,
  ].join("\n");

  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart is made anew only when its lines or colours differ; data and size are set below.
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const options = optionsOf(latest, scheme, element.clientWidth, setPlot);
    const made = new UPlot(options, dataOf(latest.current), element);
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

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn comes from the lines.
  useEffect(() => {
    chart.current?.batch(() => {
      drawsOf(latest.current).forEach((draw, index) => {
        chart.current?.setSeries(index + 1, { show: !hidden.has(draw.label) });
      });
    });
  }, [hidden, lines]);

  return (
    <Box pos="relative">
      <Box ref={host} className={classes.host} mih={height} role="img" aria-label={label} />
      {plot !== null && (
        <div className={classes.overlay} style={plot}>
          {props.children}
        </div>
      )}
    </Box>
  );
}

interface PlotArea {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** One stroke of the chart: a line, or a part of it. */
interface Draw {
  line: ChartLine;
  label: string;
  color: string;
  values: ChartLine["values"];
  /** The part that may still change. */
  changing: boolean;
}

function drawsOf({ lines }: TimeSeriesChartProps): Draw[] {
  return lines.flatMap((line) => {
    const { settled, changing } = splitChanging(line.values, line.changingFrom);
    const draw = { line, label: line.label, color: line.color };
    return [
      { ...draw, values: settled, changing: false },
      ...(changing === null ? [] : [{ ...draw, values: changing, changing: true }]),
    ];
  });
}

function dataOf(props: TimeSeriesChartProps): UPlot.AlignedData {
  return [props.times.map((at) => at / 1000), ...drawsOf(props).map((draw) => draw.values)];
}

/** More points than this that may still change would be a string of beads. */
const hollowPointsMost = 40;

/** uPlot counts the time axis as series 0. */
function dottedOf(props: TimeSeriesChartProps, place: number): number[] {
  const draw = drawsOf(props)[place - 1];
  if (draw === undefined) return [];
  const present = draw.values.flatMap((value, index) => (typeof value === "number" ? [index] : []));
  // The first one is the settled point that the part begins at.
  return draw.changing && present.length <= hollowPointsMost ? present.slice(1) : isolatedPoints(draw.values);
}

function optionsOf(
  latest: { current: TimeSeriesChartProps },
  scheme: "light" | "dark",
  width: number,
  onPlot: (plot: PlotArea) => void,
): UPlot.Options {
  const paint = paints[scheme];
  const axis = {
    stroke: paint.text,
    font: "12px system-ui, sans-serif",
    grid: { stroke: paint.grid, width: 1 },
    ticks: { stroke: paint.grid, width: 1, size: 5 },
  };
  const { units } = latest.current;
  const tellPlot = ({ over }: UPlot) =>
    onPlot({
      left: over.offsetLeft,
      top: over.offsetTop,
      width: over.offsetWidth,
      height: over.offsetHeight,
    });
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
      ...Object.fromEntries(
        units.map((_unit, index) => [
          scaleOf(index),
          { range: (_chart: UPlot, min: number, max: number) => valueRange(min, max) },
        ]),
      ),
    },
    axes: [
      { ...axis, space: 72, values: (_chart, ticks, _axis, _space, step) => timeLabels(ticks, step) },
      ...units.map(
        (unit, index): UPlot.Axis => ({
          ...axis,
          scale: scaleOf(index),
          side: index === 0 ? 3 : 1,
          size: 72,
          grid: { ...axis.grid, show: index === 0 },
          values: (_chart, ticks) => ticks.map((tick) => formatMetricValue(tick, unit)),
        }),
      ),
    ],
    series: [{}, ...drawsOf(latest.current).map((draw) => seriesOf(draw, latest, scheme))],
    hooks: {
      ready: [tellPlot],
      setSize: [tellPlot],
      setSeries: [keepPartsTogether],
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

const scaleOf = (axis: number) => `y${axis}`;

function seriesOf(
  draw: Draw,
  latest: { current: TimeSeriesChartProps },
  scheme: "light" | "dark",
): UPlot.Series {
  const { line, changing } = draw;
  return {
    label: draw.label,
    scale: scaleOf(line.axis),
    stroke: line.faded ? fadedColor(draw.color) : draw.color,
    width: line.faded ? 1.3 : 1.6,
    ...(line.faded ? { dash: [9, 5] } : changing ? { dash: [3, 3] } : {}),
    spanGaps: false,
    show: !latest.current.hidden.has(draw.label),
    points: {
      size: 5,
      show: true,
      ...(changing ? { fill: paints[scheme].paper, stroke: draw.color, width: 1.4 } : {}),
      filter: (_chart: UPlot, place: number) => dottedOf(latest.current, place),
    },
  };
}

/** Pointing at one part of a line points at all of it. */
function keepPartsTogether(chart: UPlot, place: number | null): void {
  const label = place === null ? undefined : chart.series[place]?.label;
  if (label === undefined) return;
  for (const series of chart.series) if (series.label === label) series.alpha = 1;
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
