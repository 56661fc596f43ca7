import type { LogPlace } from "../../telemetry/index.ts";

const timeDigits = 14;
const sequenceDigits = 16;
export const placeDigits = 2 * timeDigits + sequenceDigits;

/** The place of an event among all events of its group, in digits that sort as places do. */
export function writePlace({ timestampMs, ingestionMs, sequence }: LogPlace): string {
  return digits(timestampMs, timeDigits) + digits(ingestionMs, timeDigits) + digits(sequence, sequenceDigits);
}

/** Of digits that `writePlace` gave. */
export function readPlace(text: string): LogPlace {
  return {
    timestampMs: Number(text.slice(0, timeDigits)),
    ingestionMs: Number(text.slice(timeDigits, 2 * timeDigits)),
    sequence: Number(text.slice(2 * timeDigits, placeDigits)),
  };
}

/** 56 digits, as the real service's. */
export function eventId(place: LogPlace): string {
  return `3${writePlace(place).padStart(55, "0")}`;
}

function digits(value: number, count: number): string {
  return String(Math.min(value, 10 ** count - 1)).padStart(count, "0");
}
