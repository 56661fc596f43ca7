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

/** Events of one request as rows of the store, in the text form that it reads fastest. */
export interface EncodedLogEvents {
  readonly rows: Buffer;
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
/** Digits of four numbers and the tabs between them. */
const prefixBytesMax = 120;

export function createLogEncoder(
  sequence: LogSequence,
  origin: LogEventsOrigin,
  bytesExpected: number,
): LogEncoder {
  const head = `${origin.logGroupId}\t${origin.logStreamId}\t`;
  const middle = `\t${origin.ingestionTimeMs}\t`;
  const tail = `\t${origin.idempotencyKey ?? 0n}\t${escapeMessage(origin.entity ?? "")}\t`;
  const rowBytesMin = prefixBytesMax + Buffer.byteLength(tail);
  let out = Buffer.allocUnsafe(Math.max(1024, bytesExpected));
  let end = 0;
  let count = 0;
  let lastTimestamp = Number.NaN;
  let lastText = "";
  let scanned: Buffer | undefined;
  let scan = createScan(out);

  const startRow = (timestampMs: number, messageBytesMax: number) => {
    const needed = end + rowBytesMin + messageBytesMax;
    if (needed > out.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, out.length * 2));
      out.copy(larger, 0, 0, end);
      out = larger;
    }
    if (timestampMs !== lastTimestamp) {
      lastTimestamp = timestampMs;
      lastText = String(timestampMs);
    }
    count += 1;
    end += out.write(head + lastText + middle + sequence.next() + tail, end, "utf8");
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
    finish: () => ({ rows: out.subarray(0, end), count, origin }),
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
