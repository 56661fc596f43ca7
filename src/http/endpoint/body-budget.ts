import { AppError } from "../../base/index.ts";

/** Bytes of bodies that are in memory at a time, from their arrival to their answer. */
export interface BodyBudget {
  /** Before a body is read. Throws `overloaded` when what it announces would not fit any more. */
  open(announcedBytes: number): BodyShare;
}

export interface BodyShare {
  /** For bytes that have arrived. Throws `overloaded`, and then they are not counted. */
  hold(bytes: number): void;
  /** Gives back all of it; to be called once. */
  release(): void;
}

/**
 * Counts what has arrived, not what was announced: an announcement costs a caller nothing, so a handful of idle
 * connections could otherwise spend the whole budget.
 */
export function createBodyBudget(bytesMax: number): BodyBudget {
  let total = 0;
  const check = (bytes: number) => {
    if (total + bytes <= bytesMax) return;
    throw new AppError("overloaded", {
      message: "The server is reading as many bodies as its memory allows. Try again.",
      detail: { heldBytes: total, bytesMax },
    });
  };
  return {
    open: (announcedBytes) => {
      check(announcedBytes);
      let held = 0;
      return {
        hold: (bytes) => {
          check(bytes);
          total += bytes;
          held += bytes;
        },
        release: () => {
          total -= held;
        },
      };
    },
  };
}
