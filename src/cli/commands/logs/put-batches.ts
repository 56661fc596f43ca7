import type { Clock } from "../../../base/index.ts";

/** What the server takes at once is 1 MiB as JSON; this leaves room for the names around it. */
const batchBytesMax = 900_000;
const batchEventsMax = 1000;
/** Lines that come slowly, as of a program that runs, wait no longer than this for more. */
const patienceMs = 1000;
/** Of JSON around each message. */
const eventOverheadBytes = 40;
const lineBytesMax = 1_000_000;

export interface Batch {
  readonly messages: readonly string[];
  /** Lines that no request can hold. */
  readonly tooLong: number;
}

/** Puts lines together to requests: full ones while they come fast, small ones in time when they come slowly. Empty lines are left out. */
export async function* toBatches(
  source: AsyncIterable<readonly string[]>,
  clock: Clock,
): AsyncGenerator<Batch> {
  const chunks = source[Symbol.asyncIterator]();
  const box = createBox();
  const ask = () => {
    const next = chunks.next();
    // It may fail while a request is under way; whoever awaits it next is told.
    next.catch(() => undefined);
    return next;
  };
  let patience: Patience | undefined;
  const take = () => {
    patience?.end();
    patience = undefined;
    return box.take();
  };
  let next = ask();
  try {
    for (;;) {
      // It counts from the first line on: a line every half a second must not hold back those before it.
      if (!box.isEmpty()) patience ??= startPatience(clock);
      const outcome = patience === undefined ? await next : await Promise.race([next, patience.over]);
      if (outcome === "over") {
        yield take();
        continue;
      }
      if (outcome.done) break;
      for (const line of outcome.value) {
        if (!box.fits(line)) yield take();
        box.add(line);
      }
      next = ask();
    }
    if (!box.isEmpty()) yield take();
  } finally {
    patience?.end();
  }
}

interface Patience {
  readonly over: Promise<"over">;
  end(): void;
}

function startPatience(clock: Clock): Patience {
  const ended = new AbortController();
  const over = () => "over" as const;
  return { over: clock.sleep(patienceMs, ended.signal).then(over, over), end: () => ended.abort() };
}

function createBox() {
  let messages: string[] = [];
  let tooLong = 0;
  let bytes = 0;
  const sizeOf = (line: string) => Buffer.byteLength(JSON.stringify(line)) + eventOverheadBytes;
  return {
    isEmpty: () => messages.length === 0 && tooLong === 0,
    fits: (line: string) =>
      messages.length === 0 || (messages.length < batchEventsMax && bytes + sizeOf(line) <= batchBytesMax),
    add: (line: string): void => {
      if (line === "") return;
      const size = sizeOf(line);
      if (size > lineBytesMax) {
        tooLong += 1;
        return;
      }
      messages.push(line);
      bytes += size;
    },
    take: (): Batch => {
      const batch = { messages, tooLong };
      messages = [];
      tooLong = 0;
      bytes = 0;
      return batch;
    },
  };
}
