import { Box, Text, useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import type { LogHistogram } from "@nephoscope/contract";
import { type PointerEvent, useMemo, useState } from "react";
import { formatCount, formatInteger } from "../../ui/format.ts";
import { formatSpan } from "../../ui/zoned-time.ts";
import { type Bar, barsOf, rangeOfDrag, roundUp, tickLabels, ticksOf } from "./histogram.ts";
import classes from "./histogram-chart.module.css";

interface HistogramChartProps {
  histogram: LogHistogram;
  range: { from: number; to: number };
  utc: boolean;
  onZoom: (from: number, to: number) => void;
}

const height = 96;
const axisWidth = 44;
const axisHeight = 20;
const labelWidth = 56;

/** Events over time. Dragging chooses a shorter range, a click that of one bar. */
export function HistogramChart({ histogram, range, utc, onZoom }: HistogramChartProps) {
  const { ref, width } = useElementSize();
  const scheme = useComputedColorScheme("light");
  const bars = useMemo(() => barsOf(histogram, range), [histogram, range]);
  const [pointed, setPointed] = useState<number | null>(null);
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null);
  const most = roundUp(Math.max(0, ...bars.map(({ count }) => count)));
  const plotWidth = Math.max(0, width - axisWidth);
  const plotHeight = height - axisHeight;
  const span = range.to - range.from;
  const x = (at: number) => ((at - range.from) / span) * plotWidth;
  const shareOf = (event: PointerEvent<Element>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };
  const barAt = (share: number) =>
    bars.findIndex((bar) => range.from + share * span >= bar.from && range.from + share * span < bar.to);
  const finish = (end: number) => {
    setDrag(null);
    if (drag === null) return;
    const dragged = rangeOfDrag(range, drag.start, end);
    const bar = bars[barAt(end)];
    if (dragged !== undefined) onZoom(dragged.from, dragged.to);
    else if (bar !== undefined && bar.count > 0) onZoom(bar.from, bar.to);
  };
  const offset = utc ? 0 : -new Date(range.from).getTimezoneOffset() * 60_000;
  const ticks = ticksOf(range, Math.max(2, Math.floor(plotWidth / 110)), offset)
    // A label that would be cut off says less than none.
    .filter((at) => plotWidth - x(at) > labelWidth / 2);
  const labels = tickLabels(ticks, utc);
  const bar = pointed === null ? undefined : bars[pointed];
  return (
    <Box ref={ref} className={classes.root} data-scheme={scheme}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`Events over time: ${formatInteger(histogram.total)} in ${bars.length} bars, at most ${formatInteger(Math.max(0, ...bars.map(({ count }) => count)))} in one`}
        >
          <text x={axisWidth - 6} y={10} className={classes.tick} textAnchor="end">
            {formatCount(most)}
          </text>
          <text x={axisWidth - 6} y={plotHeight} className={classes.tick} textAnchor="end">
            0
          </text>
          <g transform={`translate(${axisWidth} 0)`}>
            <line x1={0} x2={plotWidth} y1={0.5} y2={0.5} className={classes.grid} />
            <line x1={0} x2={plotWidth} y1={plotHeight} y2={plotHeight} className={classes.grid} />
            {bars.map((shown, index) => {
              const size = shown.count === 0 ? 0 : Math.max(1.5, (shown.count / most) * plotHeight);
              return (
                <rect
                  key={shown.from}
                  className={classes.bar}
                  data-pointed={index === pointed || undefined}
                  x={x(shown.from) + 0.5}
                  width={Math.max(1, x(shown.to) - x(shown.from) - 1)}
                  y={plotHeight - size}
                  height={size}
                />
              );
            })}
            {drag !== null && (
              <rect
                className={classes.selection}
                x={Math.min(drag.start, drag.end) * plotWidth}
                width={Math.abs(drag.end - drag.start) * plotWidth}
                y={0}
                height={plotHeight}
              />
            )}
            {ticks.map((at, index) => (
              <text key={at} x={x(at)} y={height - 5} className={classes.tick} textAnchor="middle">
                {labels[index]}
              </text>
            ))}
            <rect
              className={classes.catcher}
              width={plotWidth}
              height={plotHeight}
              onPointerDown={(event) => {
                if (event.button !== 0) return;
                event.currentTarget.setPointerCapture(event.pointerId);
                setDrag({ start: shareOf(event), end: shareOf(event) });
              }}
              onPointerMove={(event) => {
                const share = shareOf(event);
                setPointed(barAt(share));
                if (drag !== null) setDrag({ ...drag, end: Math.min(1, Math.max(0, share)) });
              }}
              onPointerUp={(event) => finish(shareOf(event))}
              onPointerCancel={() => setDrag(null)}
              onPointerLeave={() => setPointed(null)}
            />
          </g>
        </svg>
      )}
      {bar !== undefined && <BarNote bar={bar} utc={utc} left={axisWidth + x(bar.from)} width={width} />}
    </Box>
  );
}

function BarNote({ bar, utc, left, width }: { bar: Bar; utc: boolean; left: number; width: number }) {
  return (
    <div
      className={classes.note}
      style={left > width / 2 ? { right: width - left + 8 } : { left: left + 16 }}
    >
      <Text size="xs" fw={600} className="numbers">
        {formatInteger(bar.count)} {bar.count === 1 ? "event" : "events"}
      </Text>
      <Text size="xs" c="dimmed" className="numbers">
        {formatSpan(bar.from, bar.to, utc)}
      </Text>
    </div>
  );
}
