/** An event that a tail has shown, by its arrival. */
export interface Arrival {
  readonly ingestionMs: number;
  readonly sequence: number;
}

/** Where a tail is. Of what came in since `sinceMs` behind `floor`, all was shown that is in `seen`, and nothing else. */
export interface TailState {
  readonly sinceMs: number;
  readonly floor: Arrival | undefined;
  readonly seen: readonly Arrival[];
}

/**
 * Requests that came in at the same time become visible one after another, and not in the order of their arrival. So a tail
 * looks this far back each time, and leaves out what it has shown.
 */
export const overlapMs = 10_000;
const seenMax = 2_000;

/**
 * The state after a look: `isFull` when there may be more than was given. A tail that shows more than it can remember goes on
 * from the last event only.
 */
export function advance(
  state: TailState,
  events: readonly Arrival[],
  look: { readonly nowMs: number; readonly isFull: boolean },
): TailState {
  const last = events.at(-1);
  const settledMs = look.nowMs - overlapMs;
  const upToMs = look.isFull && last ? Math.min(settledMs, last.ingestionMs) : settledMs;
  const sinceMs = Math.max(state.sinceMs, upToMs);
  const seen = [...state.seen, ...events].filter(({ ingestionMs }) => ingestionMs >= sinceMs);
  if (seen.length <= seenMax) return { sinceMs, floor: state.floor, seen };
  const floor = newestOf(seen)!;
  return { sinceMs: floor.ingestionMs, floor: { ...floor }, seen: [] };
}

/** The last of all that was shown. */
export function newestOf(seen: readonly Arrival[]): Arrival | undefined {
  return seen.reduce<Arrival | undefined>(
    (newest, { ingestionMs, sequence }) =>
      !newest ||
      ingestionMs > newest.ingestionMs ||
      (ingestionMs === newest.ingestionMs && sequence > newest.sequence)
        ? { ingestionMs, sequence }
        : newest,
    undefined,
  );
}

const statesMax = 500;

/** The states behind the cursors that were given last. A cursor whose state is gone still tells the last event. */
export interface TailStates {
  get(cursor: string): TailState | undefined;
  set(cursor: string, state: TailState): void;
}

export function createTailStates(): TailStates {
  const states = new Map<string, TailState>();
  return {
    get: (cursor) => states.get(cursor),
    set: (cursor, state) => {
      states.set(cursor, state);
      if (states.size <= statesMax) return;
      const [oldest] = states.keys();
      states.delete(oldest!);
    },
  };
}
