/** `3 min ago`, `in 2 h`; `-` for never. */
export function formatRelative(time: string | null | undefined, now: number): string {
  if (!time) return "-";
  const difference = Date.parse(time) - now;
  const text = formatDuration(Math.abs(difference));
  return difference > 0 ? `in ${text}` : `${text} ago`;
}

export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

const prefixes = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** At most four significant digits, so that axis labels stay short: 12.34 M. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-3) return value.toExponential(2);
  const prefix = prefixes.find(([factor]) => size >= factor * 10);
  const [factor, letter] = prefix ?? [1, ""];
  return `${Number((value / factor).toPrecision(4))}${letter}`;
}

const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** `812 B`, `1.5 KiB`, `230 MiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${byteUnits[power]}`;
}

/** Bounds of an amount in US dollars, to the cent. */
export function formatUsdRange({ low, high }: { low: number; high: number }): string {
  return `${low.toFixed(2)} to ${high.toFixed(2)}`;
}
