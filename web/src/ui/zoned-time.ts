/** Times of day in the browser's zone or in UTC, as people write and read them. */

const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");

/** The moment as if the zone were UTC. */
function shifted(at: number, utc: boolean): Date {
  return new Date(utc ? at : at - new Date(at).getTimezoneOffset() * 60_000);
}

/** `2026-11-21 09:18:40.123`. */
export function formatStamp(at: number, utc: boolean): string {
  return shifted(at, utc).toISOString().slice(0, 23).replace("T", " ");
}

/** `UTC`, or how far the browser's zone is from it at a moment, as `UTC+05:30`. */
export function zoneName(at: number, utc: boolean): string {
  const ahead = utc ? 0 : -new Date(at).getTimezoneOffset();
  if (ahead === 0) return "UTC";
  const minutes = Math.abs(ahead);
  return `UTC${ahead < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `21 Nov, 09:18`, with seconds where they are not zero. */
export function formatMinute(at: number, utc: boolean): string {
  const date = shifted(at, utc);
  const clock = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
  const seconds = date.getUTCSeconds() === 0 ? "" : `:${pad(date.getUTCSeconds())}`;
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}, ${clock}${seconds}`;
}

/** `21 Nov, 09:18 – 10:19`: a day is said once. */
export function formatSpan(from: number, to: number, utc: boolean): string {
  const [start, end] = [formatMinute(from, utc), formatMinute(to, utc)];
  const [day, time] = end.split(", ");
  const sameDay = start.startsWith(`${day}, `) && to - from < 86_400_000;
  return `${start} – ${sameDay ? time : end}`;
}

/** As `<input type="datetime-local" step="1">` takes it. */
export function toDateInput(at: number, utc: boolean): string {
  return shifted(at, utc).toISOString().slice(0, 19);
}

/** Not a number for a text that is no date. */
export function fromDateInput(text: string, utc: boolean): number {
  return Date.parse(utc && text !== "" ? `${text}Z` : text);
}
