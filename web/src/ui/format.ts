/** Numbers, durations and money as text, the same on every page. */

const integers = new Intl.NumberFormat("en-US");
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

export const formatInteger = (value: number) => integers.format(value);

/** 12,345 as it is, 1.2M beyond a hundred thousand. */
export const formatCount = (value: number) =>
  Math.abs(value) < 100_000 ? integers.format(value) : compact.format(value);

/** Calls cost fractions of a cent, so small sums keep their digits. */
export function formatDollars(value: number): string {
  if (value === 0) return "$0.00";
  if (value < 0.01) return `$${value.toFixed(5).replace(/0+$/, "")}`;
  if (value >= 1000) return `$${integers.format(Math.round(value))}`;
  return `$${value.toFixed(value < 1 ? 3 : 2)}`;
}

/** Two bounds as one price when they are the same. */
export function formatDollarRange({ low, high }: { low: number; high: number }): string {
  const [from, to] = [formatDollars(low), formatDollars(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** A share as per cent, cut and not rounded: 100% is said only of what is complete. */
export function formatShare(share: number): string {
  const percent = Math.floor(share * 10_000) / 100;
  return `${share < 1 && percent >= 99 ? percent.toFixed(2) : Number(percent.toFixed(1))}%`;
}

export function formatMilliseconds(value: number): string {
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 60_000) return `${(value / 1000).toFixed(1)} s`;
  return `${Math.floor(value / 60_000)} min ${Math.round((value % 60_000) / 1000)} s`;
}

const steps: [limitSeconds: number, divisor: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, 1, "second"],
  [3600, 60, "minute"],
  [86_400, 3600, "hour"],
  [86_400 * 60, 86_400, "day"],
  [86_400 * 730, 86_400 * 30.44, "month"],
  [Number.POSITIVE_INFINITY, 86_400 * 365.25, "year"],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });

/** `3 min. ago`, `in 2 hr.`; the present is `just now`. */
export function formatRelative(at: number, now: number): string {
  const seconds = (at - now) / 1000;
  if (Math.abs(seconds) < 5) return "just now";
  for (const [limit, divisor, unit] of steps) {
    if (Math.abs(seconds) < limit) return relative.format(Math.round(seconds / divisor), unit);
  }
  return "";
}

const absolute = new Intl.DateTimeFormat("en-GB", {
  year: "numeric",
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});
export const formatAbsolute = (at: number) => absolute.format(at);

const dayAndTime = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** `21 Nov, 12:00 – 21 Nov, 12:30` with the day said once where it is the same. */
export const formatTimeRange = (from: number, to: number) => dayAndTime.formatRange(from, to);

/** How long something takes, in its two largest units: `3 d 4 h`, `20 min`. */
export function formatDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor((seconds % 86_400) / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "min"],
    [Math.floor(seconds % 60), "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** `60` as `1 min`, `90` as `90 s`, `3600` as `1 h`. */
export function formatSeconds(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  if (seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}

const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const cloudWatchByteUnits: Record<string, number> = {
  Bytes: 1,
  Kilobytes: 1e3,
  Megabytes: 1e6,
  Gigabytes: 1e9,
  Terabytes: 1e12,
};

/** A metric's value in CloudWatch's unit, short enough for an axis or a legend. */
export function formatMetricValue(value: number, unit: string | null): string {
  const [base = "", perSecond] = (unit ?? "").split("/");
  const suffix = perSecond === "Second" ? "/s" : "";
  const bytes = cloudWatchByteUnits[base];
  if (bytes !== undefined) return formatBytes(value * bytes) + suffix;
  if (base === "Percent") return `${significant(value)}%`;
  if (base === "Seconds") return formatTime(value);
  if (base === "Milliseconds") return formatTime(value / 1e3);
  if (base === "Microseconds") return formatTime(value / 1e6);
  return plain(value) + suffix;
}

function formatBytes(bytes: number): string {
  let scaled = bytes;
  let index = 0;
  while (Math.abs(scaled) >= 1024 && index < byteUnits.length - 1) {
    scaled /= 1024;
    index += 1;
  }
  return `${significant(scaled)} ${byteUnits[index]}`;
}

function formatTime(seconds: number): string {
  const size = Math.abs(seconds);
  if (size === 0) return "0 s";
  if (size < 1e-3) return `${significant(seconds * 1e6)} µs`;
  if (size < 1) return `${significant(seconds * 1e3)} ms`;
  if (size < 120) return `${significant(seconds)} s`;
  if (size < 7200) return `${significant(seconds / 60)} min`;
  return `${significant(seconds / 3600)} h`;
}

const plain = (value: number) => (Math.abs(value) >= 10_000 ? compact.format(value) : significant(value));

function significant(value: number): string {
  if (value === 0) return "0";
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 4;
  return String(Number(value.toFixed(digits)));
}
