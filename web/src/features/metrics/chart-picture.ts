import type { ChartLine } from "../../ui/aligned-series.ts";

interface Picture {
  title: string;
  subtitle: string;
  canvases: readonly HTMLCanvasElement[];
  lines: readonly ChartLine[];
  paint: { paper: string; ink: string; dimmed: string };
}

const margin = 20;
const lineHeight = 20;
const linesMost = 20;

/** The charts with a title above and the names of their lines below, as a picture to hand on. */
export function drawPicture({ title, subtitle, canvases, lines, paint }: Picture): Promise<Blob | null> {
  const scale = window.devicePixelRatio || 1;
  const width = Math.max(...canvases.map((canvas) => canvas.width)) / scale;
  const chartHeight = canvases.reduce((sum, canvas) => sum + canvas.height / scale, 0);
  const named = lines.slice(0, linesMost);
  const left = lines.length - named.length;
  const legendHeight = (named.length + (left > 0 ? 1 : 0)) * lineHeight;
  const canvas = document.createElement("canvas");
  canvas.width = (width + 2 * margin) * scale;
  canvas.height = (chartHeight + legendHeight + 4 * margin + 2 * lineHeight) * scale;
  const context = canvas.getContext("2d");
  if (context === null) return Promise.resolve(null);
  context.scale(scale, scale);
  context.fillStyle = paint.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const write = (text: string, x: number, y: number, font: string, color: string) => {
    context.font = `${font} system-ui, sans-serif`;
    context.fillStyle = color;
    context.fillText(text, x, y, width - (x - margin));
  };
  write(title, margin, margin + 14, "600 16px", paint.ink);
  write(subtitle, margin, margin + 14 + lineHeight, "12px", paint.dimmed);
  let top = 2 * margin + 2 * lineHeight;
  for (const chart of canvases) {
    context.drawImage(chart, margin, top, chart.width / scale, chart.height / scale);
    top += chart.height / scale;
  }
  top += margin;
  for (const { color, label, faded } of named) {
    context.globalAlpha = faded ? 0.55 : 1;
    context.fillStyle = color;
    context.fillRect(margin, top, 12, 12);
    context.globalAlpha = 1;
    write(label, margin + 20, top + 11, "12px", paint.ink);
    top += lineHeight;
  }
  if (left > 0) write(`and ${left} more`, margin + 20, top + 11, "12px", paint.dimmed);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
