/**
 * What is stored of the newest points of each series, so that a reading that overlaps the one before it is compared without
 * asking the store. By integration, since a run reads a whole integration, and the next run reads it again. Bounded: those
 * that were not used for longest go first.
 */
export interface KnownPoints {
  of(integrationId: string): KnownIntegration;
  /** For when another process has written, or may have: what is known here counts no longer. */
  forget(integrationId: string): void;
}

export interface KnownIntegration {
  /** True: nothing was stored of it when this process began to write it, and every series since then is known here. */
  isBlank: boolean | undefined;
  find(seriesId: string): KnownSeries | undefined;
  /** Undefined when there is no room for another series. */
  add(seriesId: string, periodSeconds: number): KnownSeries | undefined;
}

/**
 * Points lie on a grid of their period, and there is room for the newest `slotsPerSeries`. From `fromSlot` on everything is
 * known: a slot that holds NaN, or lies at `endSlot` or later, has no stored point.
 */
export interface KnownSeries {
  /** Counts the series of its integration, in the order in which they came. */
  readonly number: number;
  readonly periodSeconds: number;
  fromSlot: number;
  endSlot: number;
  /** What is known is as of this version, or as of an earlier one. */
  version: number;
  /** Hash of unit, tags and alias, and the times of the first and last point, as the store was told of them. */
  look: number;
  firstSeen: number;
  lastSeen: number;
  readonly slab: Float64Array;
  readonly offset: number;
}

/** Enough for an overlap of 15 minutes and a delay of a few, at one-minute periods. */
export const slotsPerSeries = 24;

const nowhere = 2 ** 32;
const seriesPerSlab = 64;
/** The slots, the object, and what a Map takes for a text of 36 characters. */
const bytesPerSeries = slotsPerSeries * 8 + 250;

interface Room {
  series: number;
}

export function createKnownPoints({ bytesMax }: { bytesMax: number }): KnownPoints {
  // In order of use, the latest last.
  const integrations = new Map<string, { known: KnownIntegration; room: Room }>();
  const seriesMax = Math.floor(bytesMax / bytesPerSeries);
  let series = 0;
  const forget = (id: string) => {
    const own = integrations.get(id);
    if (!own) return;
    series -= own.room.series;
    integrations.delete(id);
  };
  const takeRoom = (id: string, room: Room): boolean => {
    // Forgotten while a write was under way: what that write learns is lost.
    if (integrations.get(id)?.room !== room) return false;
    for (const other of integrations.keys()) {
      if (series < seriesMax) break;
      if (other !== id) forget(other);
    }
    if (series >= seriesMax) return false;
    series += 1;
    room.series += 1;
    return true;
  };
  return {
    of: (id) => {
      let own = integrations.get(id);
      if (!own) {
        const room: Room = { series: 0 };
        own = { room, known: createKnownIntegration(() => takeRoom(id, room)) };
      }
      integrations.delete(id);
      integrations.set(id, own);
      return own.known;
    },
    forget,
  };
}

function createKnownIntegration(takeRoom: () => boolean): KnownIntegration {
  const series = new Map<string, KnownSeries>();
  let slab = new Float64Array(0);
  let used = 0;
  return {
    isBlank: undefined,
    find: (id) => series.get(id),
    add(id, periodSeconds) {
      if (!takeRoom()) {
        this.isBlank = false;
        return undefined;
      }
      if (used === slab.length) {
        slab = new Float64Array(seriesPerSlab * slotsPerSeries);
        used = 0;
      }
      const known = {
        number: series.size,
        periodSeconds,
        ...unknown,
        version: 0,
        look: -1,
        firstSeen: nowhere,
        lastSeen: 0,
        slab,
        offset: used,
      };
      used += slotsPerSeries;
      series.set(id, known);
      return known;
    },
  };
}

const unknown = { fromSlot: nowhere, endSlot: nowhere } as const;

export function dropPoints(known: KnownSeries): void {
  known.fromSlot = nowhere;
  known.endSlot = nowhere;
}

/** From this time on everything is known: that there is nothing, until `keepPoint` tells of points. */
export function startPoints(known: KnownSeries, fromSeconds: number): void {
  known.fromSlot = Math.ceil(fromSeconds / known.periodSeconds);
  known.endSlot = known.fromSlot;
}

/** Whether every stored point from this time on is known. */
export function coversFrom(known: KnownSeries, seconds: number): boolean {
  return seconds > (known.fromSlot - 1) * known.periodSeconds;
}

/** NaN where nothing is stored, and before the covered time. */
export function pointAt(known: KnownSeries, seconds: number): number {
  const slot = seconds / known.periodSeconds;
  return slot >= known.fromSlot && slot < known.endSlot
    ? known.slab[known.offset + (slot % slotsPerSeries)]!
    : Number.NaN;
}

export function isOnGrid(known: KnownSeries, seconds: number): boolean {
  return seconds % known.periodSeconds === 0;
}

/** A later point moves the oldest ones out. One before the covered time is left out. */
export function keepPoint(known: KnownSeries, seconds: number, value: number): void {
  const slot = seconds / known.periodSeconds;
  if (slot < known.fromSlot) return;
  for (let empty = Math.max(known.endSlot, slot - slotsPerSeries + 1); empty < slot; empty++) {
    known.slab[known.offset + (empty % slotsPerSeries)] = Number.NaN;
  }
  known.slab[known.offset + (slot % slotsPerSeries)] = value;
  if (slot < known.endSlot) return;
  known.endSlot = slot + 1;
  known.fromSlot = Math.max(known.fromSlot, known.endSlot - slotsPerSeries);
}
