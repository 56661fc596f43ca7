import { IngestRefusal } from "./refusal.ts";

/** Room for one request. */
export interface Reservation {
  /** Takes more room, or gives some back; throws as `reserve` does, and then holds what it held. */
  resize(bytes: number): void;
  /** Safe to call twice. */
  release(): void;
}

/** Bounds the bytes of requests under way. What does not fit is refused before its body is read, and costs no memory. */
export interface MemoryBudget {
  /** Throws `overloaded`, or `rate_limited` when the one key holds its share. */
  reserve(holder: string, bytes: number): Reservation;
  /** Whether a small request would still fit. */
  hasRoom(): boolean;
}

/** Of a request besides what its length says: buffers, headers, promises. */
const overheadBytes = 8_192;

export function createMemoryBudget(bytesMax: number): MemoryBudget {
  /** So that a sender that floods leaves room for the others. */
  const shareMax = bytesMax / 2;
  const held = new Map<string, number>();
  let total = 0;

  /** Replaces what one request holds. A request that is alone always fits, or no wait would ever help it. */
  const change = (holder: string, before: number, after: number) => {
    const others = total - before;
    const own = (held.get(holder) ?? 0) - before;
    if (after > before && others > 0 && others + after > bytesMax)
      throw new IngestRefusal(
        "overloaded",
        "The server has as many requests under way as its memory allows.",
      );
    if (after > before && own > 0 && own + after > shareMax)
      throw new IngestRefusal("rate_limited", "This key has as many requests under way as one key may have.");
    total = others + after;
    if (own + after > 0) held.set(holder, own + after);
    else held.delete(holder);
  };
  return {
    reserve: (holder, bytes) => {
      let size = bytes + overheadBytes;
      change(holder, 0, size);
      return {
        resize: (wanted) => {
          if (size === 0) return;
          change(holder, size, wanted + overheadBytes);
          size = wanted + overheadBytes;
        },
        release: () => {
          change(holder, size, 0);
          size = 0;
        },
      };
    },
    hasRoom: () => total + overheadBytes <= bytesMax,
  };
}
