import { AppError } from "../../base/index.ts";

/** Bytes of bodies that are in memory at a time, from their arrival to their answer. */
export interface BodyBudget {
  /** Before a body is read: throws `overloaded` when what it announces would not fit any more. */
  check(bytes: number): void;
  /** For bytes that have arrived. Throws `overloaded`, and then holds nothing more. */
  hold(bytes: number): void;
  release(bytes: number): void;
  held(): number;
}

/**
 * Counts what has arrived, not what was announced: an announcement costs a caller nothing, so a handful of idle
 * connections could otherwise spend the whole budget.
 */
export function createBodyBudget(bytesMax: number): BodyBudget {
  let held = 0;
  const check = (bytes: number) => {
    if (held + bytes > bytesMax)
      throw new AppError("overloaded", {
        message: "The server is reading as many bodies as its memory allows. Try again.",
        detail: { heldBytes: held, bytesMax },
      });
  };
  return {
    check,
    hold: (bytes) => {
      check(bytes);
      held += bytes;
    },
    release: (bytes) => {
      held -= bytes;
    },
    held: () => held,
  };
}
