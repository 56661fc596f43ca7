import { AppError } from "../../base/index.ts";

/** Bytes of bodies that are in memory at a time, from their arrival to their answer. */
export interface BodyBudget {
  /** Before a body is read. Throws `overloaded` when what it announces would not fit any more. */
  open(holder: string, announcedBytes: number): BodyShare;
}

export interface BodyShare {
  /** For bytes that have arrived. Throws `overloaded`, and then they are not counted. */
  hold(bytes: number): void;
  /** Gives back all of it; to be called once. */
  release(): void;
}

/**
 * Counts what has arrived, not what was announced: an announcement costs a caller nothing, so a handful of idle
 * connections could otherwise spend the whole budget. One holder has half of it at most, because a signature proves
 * nothing before the whole body is there.
 */
export function createBodyBudget(bytesMax: number): BodyBudget {
  const shareMax = bytesMax / 2;
  const heldBy = new Map<string, number>();
  let total = 0;
  const check = (holder: string, bytes: number) => {
    if (total + bytes <= bytesMax && (heldBy.get(holder) ?? 0) + bytes <= shareMax) return;
    throw new AppError("overloaded", {
      message: "The server is reading as many bodies as its memory allows. Try again.",
      detail: { heldBytes: total, bytesMax },
    });
  };
  const add = (holder: string, bytes: number) => {
    total += bytes;
    const held = (heldBy.get(holder) ?? 0) + bytes;
    if (held > 0) heldBy.set(holder, held);
    else heldBy.delete(holder);
  };
  return {
    open: (holder, announcedBytes) => {
      check(holder, announcedBytes);
      let held = 0;
      return {
        hold: (bytes) => {
          check(holder, bytes);
          add(holder, bytes);
          held += bytes;
        },
        release: () => add(holder, -held),
      };
    },
  };
}
