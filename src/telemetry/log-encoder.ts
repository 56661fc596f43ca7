import type { BufferPool } from "../base/index.ts";

/** What all events of one request share. */
export interface LogEventsOrigin {
  readonly logGroupId: number;
  readonly logStreamId: number;
  /** Epoch milliseconds of the arrival. */
  readonly ingestionTimeMs: number;
  /** 64 bits that name the request, so that its repetition is recognised; 0 or absent when it named none. */
  readonly idempotencyKey?: bigint;
  /** The sender's entity as JSON text. */
  readonly entity?: string;
}

/** Events of one request as rows of the store, in the text form that it reads fastest. Storing them uses them up. */
export interface EncodedLogEvents {
  readonly rows: Buffer;
  /** What the rows lie in; it goes back to the pool when they are stored. */
  readonly buffer: Buffer;
  readonly count: number;
  readonly origin: LogEventsOrigin;
}

/** Builds the rows of one request without an object per event. Timestamps are epoch milliseconds. */
export interface LogEncoder {
  addText(timestampMs: number, message: string): void;
  /** A message that is part of the request's body: UTF-8 that was checked before. */
  addBytes(timestampMs: number, body: Buffer, from: number, to: number): void;
  finish(): EncodedLogEvents;
}

/** Gives each event its number. Below 2^53, so that it is exact as a JSON number too. */
export interface LogSequence {
  next(): number;
}

const countsPerPrefix = 2 ** 33;
const prefixes = 2 ** 20;

/** `pickPrefix` gives a number in [0, 1): two processes take numbers from different stretches, most likely. */
export function createLogSequence(pickPrefix: () => number): LogSequence {
  let next = 0;
  let end = 0;
  return {
    next: () => {
      if (next === end) {
        next = Math.floor(pickPrefix() * prefixes) * countsPerPrefix + 1;
        end = next + countsPerPrefix - 1;
      }
      return next++;
    },
  };
}

const newline = 0x0a;
/** Of a whole number below 2^53. */
const digitsMax = 16;

export function createLogEncoder(
  { sequence, pool }: { sequence: LogSequence; pool: BufferPool },
  origin: LogEventsOrigin,
  bytesExpected: number,
): LogEncoder {
  const head = Buffer.from(`${origin.logGroupId}\t${origin.logStreamId}\t`);
  const middle = Buffer.from(`\t${origin.ingestionTimeMs}\t`);
  const tail = Buffer.from(`\t${origin.idempotencyKey ?? 0n}\t${escapeMessage(origin.entity ?? "")}\t`);
  const rowBytesMin = head.length + middle.length + tail.length + 2 * digitsMax;
  let out = pool.take(Math.max(1024, bytesExpected));
  let end = 0;
  let count = 0;
  let scanned: Buffer | undefined;
  let scan = createScan(out);

  const startRow = (timestampMs: number, messageBytesMax: number) => {
    const needed = end + rowBytesMin + messageBytesMax;
    if (needed > out.length) {
      const larger = pool.take(Math.max(needed, out.length * 2));
      out.copy(larger, 0, 0, end);
      pool.give(out);
      out = larger;
    }
    count += 1;
    end = putBytes(out, end, head);
    end = putNumber(out, end, timestampMs);
    end = putBytes(out, end, middle);
    end = putNumber(out, end, sequence.next());
    end = putBytes(out, end, tail);
  };
  const addText = (timestampMs: number, message: string) => {
    const text = escapeMessage(message);
    startRow(timestampMs, text.length * 3 + 1);
    end += out.write(text, end, "utf8");
    out[end++] = newline;
  };
  return {
    addText,
    addBytes: (timestampMs, body, from, to) => {
      if (scanned !== body) {
        scanned = body;
        scan = createScan(body);
      }
      if (scan.needsEscape(from, to)) {
        addText(timestampMs, body.toString("utf8", from, to));
        return;
      }
      startRow(timestampMs, to - from + 1);
      end += body.copy(out, end, from, to);
      out[end++] = newline;
    },
    finish: () => ({ rows: out.subarray(0, end), buffer: out, count, origin }),
  };
}

/**
 * Tells whether a stretch of the body needs escaping. The next place of each character is remembered, so that all stretches of
 * a body together, asked for in their order, cost one search through it.
 */
function createScan(body: Buffer): { needsEscape(from: number, to: number): boolean } {
  const next = new Float64Array(specialBytes.length).fill(-1);
  return {
    needsEscape: (from, to) => {
      for (let i = 0; i < specialBytes.length; i++) {
        if (next[i]! < from) {
          const at = body.indexOf(specialBytes[i]!, from);
          next[i] = at < 0 ? Number.POSITIVE_INFINITY : at;
        }
        if (next[i]! < to) return true;
      }
      return false;
    },
  };
}

/** A handful of bytes; a call into the runtime would cost more than they do. */
function putBytes(out: Buffer, at: number, bytes: Buffer): number {
  for (let i = 0; i < bytes.length; i++) out[at + i] = bytes[i]!;
  return at + bytes.length;
}

const half = 1e8;

/** In two halves, as whole numbers of 32 bits are divided several times faster than larger ones. */
function putNumber(out: Buffer, at: number, value: number): number {
  if (value < half) return putDigits(out, at, value, countDigits(value));
  const high = Math.floor(value / half);
  const between = putNumber(out, at, high);
  return putDigits(out, between, value - high * half, 8);
}

function putDigits(out: Buffer, at: number, value: number, digits: number): number {
  let rest = value | 0;
  for (let i = at + digits - 1; i >= at; i--) {
    const quotient = (rest / 10) | 0;
    out[i] = 0x30 + rest - quotient * 10;
    rest = quotient;
  }
  return at + digits;
}

function countDigits(value: number): number {
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits += 1;
  return digits;
}

const specialBytes = [0x5c, 0x09, newline, 0x0d, 0x00];
const special = /[\\\t\n\r\0]/;
const specials = /[\\\t\n\r\0]/g;

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\0": "\\0",
};

/** TabSeparated's escaping; most messages need none. */
function escapeMessage(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => escapes[character]!) : text;
}
