import { Readable } from "node:stream";
import { bucketOfAge, bucketOfPunctual } from "./age-buckets.ts";
import { createGroupCommit, type GroupCommit } from "./group-commit.ts";
import {
  coversFrom,
  dropPoints,
  isOnGrid,
  type KnownIntegration,
  type KnownPoints,
  type KnownSeries,
  keepPoint,
  pointAt,
  startPoints,
} from "./known-points.ts";
import type { Lateness, LatenessBatch, Tally } from "./lateness.ts";
import { changeRow } from "./metric-changes.ts";
import { checkBatch, lookOf, type MetricSeries, type SeriesPoints, seriesRow } from "./metric-rows.ts";
import { seriesId } from "./series-id.ts";
import type { Store } from "./store.ts";
import { positionOf, readStoredPoints, type StoredPoints } from "./stored-points.ts";

export interface MergeOptions {
  /** When the points were asked for, in epoch milliseconds. Of two values of a point that of the higher version is kept. */
  readonly version: number;
  /** The time that was read, start inclusive, end exclusive; what is stored of the series in it is compared. */
  readonly fromMs: number;
  readonly toMs: number;
  /** All time before this had been read before: a point that comes only now is late. */
  readonly knownToMs?: number | undefined;
}

export interface MergeResult {
  /** All that were handed in. */
  readonly points: number;
  /** Those that were not stored before. */
  readonly added: number;
  /** Those whose stored value was another. */
  readonly changed: number;
}

/** Points of one part: its INSERT is large enough that the fsync costs little, and small enough to stay at a few megabytes. */
const pointsPerPart = 100_000;
/** A range that ends earlier than this before it was asked for is an old one, whose points are not worth keeping at hand. */
const recentMs = 3_600_000;
/**
 * `last_seen` of a series is written again when it is this old, and up to four minutes later for some: not all are due in the
 * same run, but those that are read in one batch are.
 */
const seenAfterSeconds = 600;
const seriesSeenTogether = 512;
const seriesPerInsert = 5_000;
const seriesPerSelect = 2_000;
const pointsPerSelect = 400_000;

/** One series of a batch on its way. */
interface Entry extends SeriesPoints {
  readonly id: string;
  readonly integration: KnownIntegration;
  known: KnownSeries | undefined;
  /** What the points are compared with: what is known, or what the store says. */
  stored: "known" | StoredPoints;
  /** In seconds, of its points. */
  readonly first: number;
  readonly last: number;
  readonly look: number;
  readonly isSeriesDue: boolean;
}

interface Range {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Then everything from `fromSeconds` on is read, so that it can be kept at hand. */
  readonly isRecent: boolean;
}

interface Inserts {
  readonly series: GroupCommit<object>;
  /** Lines of tab-separated text. */
  readonly points: GroupCommit<string>;
}

interface Deps {
  readonly store: Store;
  readonly inserts: Inserts;
  readonly known: KnownPoints;
  readonly lateness: Lateness;
}

export function createMerge(given: Omit<Deps, "inserts">) {
  const deps = { ...given, inserts: createInserts(given.store) };
  return async (batch: readonly SeriesPoints[], options: MergeOptions): Promise<MergeResult> => {
    checkBatch(batch, options.version);
    const sum = { points: 0, added: 0, changed: 0 };
    for (const part of partsOf(batch)) {
      const { points, added, changed } = await mergePart(deps, part, options);
      sum.points += points;
      sum.added += added;
      sum.changed += changed;
    }
    await deps.lateness.flushIfDue();
    return sum;
  };
}

/** The embedded store writes two things at a time. */
function createInserts(store: Store): Inserts {
  return {
    series: createGroupCommit((rows) => store.insert("metric_series", rows), {
      itemsMax: seriesPerInsert,
      atOnce: 1,
    }),
    points: createGroupCommit(
      (lines) => store.insert("metric_points", Readable.from([lines.join("")], { objectMode: false })),
      { itemsMax: pointsPerPart, atOnce: 2 },
    ),
  };
}

/** A series is in one part whole. */
function* partsOf(batch: readonly SeriesPoints[]): Generator<SeriesPoints[]> {
  let part: SeriesPoints[] = [];
  let count = 0;
  for (const item of batch) {
    if (item.points.length === 0) continue;
    if (count > 0 && count + item.points.length > pointsPerPart) {
      yield part;
      part = [];
      count = 0;
    }
    part.push(item);
    count += item.points.length;
  }
  if (part.length > 0) yield part;
}

async function mergePart(
  deps: Deps,
  part: readonly SeriesPoints[],
  options: MergeOptions,
): Promise<MergeResult> {
  const entries = part.map((item) => toEntry(deps.known, item));
  const range = rangeOf(entries, options);
  await findStored(deps.store, entries, range, options.version);
  const tallies = deps.lateness.begin(options.version);
  const found = compare(entries, tallies, options);
  try {
    // The series come first: points without a series could never be found. So do the changes: once its point is
    // stored, a change could not be told any more.
    const due = entries.filter(({ isSeriesDue }) => isSeriesDue);
    await deps.inserts.series.write(due.map((entry) => seriesRow(entry.id, entry.series, entry)));
    if (found.changes.length > 0) await deps.store.insert("metric_changes", found.changes);
    await deps.inserts.points.write(found.lines);
  } catch (error) {
    // Some of it may be stored, and nobody knows which.
    for (const { known, integration } of entries) {
      if (known) forgetSeries(known);
      else integration.isBlank = false;
    }
    throw error;
  }
  for (const entry of entries) remember(entry, range, options.version);
  tallies.keep();
  return { points: found.points, added: found.added, changed: found.changed };
}

function toEntry(knownPoints: KnownPoints, { series, points }: SeriesPoints): Entry {
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = 0;
  for (const { timestampMs } of points) {
    if (timestampMs < firstMs) firstMs = timestampMs;
    if (timestampMs > lastMs) lastMs = timestampMs;
  }
  const seen = { first: secondOf(firstMs), last: secondOf(lastMs) };
  const { id, look } = factsOf(series);
  const integration = knownPoints.of(series.integrationId);
  const known = integration.find(id);
  const isDue = known === undefined || isSeriesDue(known, { ...seen, look });
  return { series, points, id, integration, known, stored: nothing, ...seen, look, isSeriesDue: isDue };
}

/** By the object: whoever reads the same series every minute hands in the same one, and hashing takes longest of all. */
const facts = new WeakMap<MetricSeries, { readonly id: string; readonly look: number }>();

function factsOf(series: MetricSeries) {
  let known = facts.get(series);
  if (!known) {
    known = { id: seriesId(series), look: lookOf(series) };
    facts.set(series, known);
  }
  return known;
}

function secondOf(ms: number): number {
  return Math.floor(ms / 1000);
}

/** The time that was read, and that of the points, should one of them lie outside. */
function rangeOf(entries: readonly Entry[], { fromMs, toMs, version }: MergeOptions): Range {
  let fromSeconds = Math.max(0, secondOf(fromMs));
  let toSeconds = Math.ceil(toMs / 1000);
  for (const { first, last } of entries) {
    if (first < fromSeconds) fromSeconds = first;
    if (last >= toSeconds) toSeconds = last + 1;
  }
  return { fromSeconds, toSeconds, isRecent: version - toMs <= recentMs };
}

/** Finds out what is stored of each series in the range, from what is known, else from the store. */
async function findStored(
  store: Store,
  entries: readonly Entry[],
  range: Range,
  version: number,
): Promise<void> {
  const unknown: Entry[] = [];
  for (const entry of entries) {
    const { known, integration } = entry;
    if (
      known &&
      coversFrom(known, range.fromSeconds) &&
      version >= known.version &&
      isAllOnGrid(known, entry)
    ) {
      entry.stored = "known";
    } else {
      integration.isBlank ??= await isBlank(store, entry.series.integrationId);
      entry.stored = nothing;
      if (known || !integration.isBlank) unknown.push(entry);
    }
  }
  for (const part of selectable(unknown, range)) {
    const stored = await readStoredPoints(
      store,
      part.map(({ id }) => id),
      {
        fromSeconds: range.fromSeconds,
        toSeconds: range.isRecent ? Number.POSITIVE_INFINITY : range.toSeconds,
      },
    );
    for (const entry of part) entry.stored = stored.get(entry.id) ?? nothing;
  }
}

const nothing: StoredPoints = { seconds: [], values: [], versions: [] };

async function isBlank(store: Store, integrationId: string): Promise<boolean> {
  const rows = await store.select("SELECT 1 FROM metric_series WHERE integration_id = {id:String} LIMIT 1", {
    id: integrationId,
  });
  return rows.length === 0;
}

/** Parts small enough for one statement and its answer. */
function* selectable(entries: readonly Entry[], range: Range): Generator<readonly Entry[]> {
  const periods = entries.map(({ series }) => series.periodSeconds).reduce((a, b) => Math.min(a, b), 86_400);
  const pointsEach = Math.max(1, (range.toSeconds - range.fromSeconds) / Math.max(1, periods));
  const size = Math.max(1, Math.min(seriesPerSelect, Math.floor(pointsPerSelect / pointsEach)));
  for (let start = 0; start < entries.length; start += size) yield entries.slice(start, start + size);
}

function isAllOnGrid(known: KnownSeries, { points }: Entry): boolean {
  for (const { timestampMs } of points) if (!isOnGrid(known, secondOf(timestampMs))) return false;
  return true;
}

function isSeriesDue(
  known: KnownSeries,
  { look, first, last }: Pick<Entry, "look" | "first" | "last">,
): boolean {
  const spread = (Math.floor(known.number / seriesSeenTogether) % 5) * 60;
  return look !== known.look || first < known.firstSeen || last >= known.lastSeen + seenAfterSeconds + spread;
}

interface Found {
  readonly lines: string[];
  readonly changes: object[];
  points: number;
  added: number;
  changed: number;
}

function compare(entries: readonly Entry[], tallies: LatenessBatch, options: MergeOptions): Found {
  const found: Found = { lines: [], changes: [], points: 0, added: 0, changed: 0 };
  for (const entry of entries) {
    found.points += entry.points.length;
    compareSeries(entry, tallies.of(entry.series), found, options);
  }
  return found;
}

function compareSeries(entry: Entry, tally: Tally, found: Found, options: MergeOptions): void {
  const { id, series, points } = entry;
  const { version } = options;
  const asked = Math.floor(version / 1000);
  const knownTo = (options.knownToMs ?? 0) / 1000;
  for (const { timestampMs, value } of points) {
    const seconds = secondOf(timestampMs);
    const before = storedValue(entry, seconds, version);
    if (before === value || before === undefined) continue;
    found.lines.push(`${id}\t${seconds}\t${value}\t${version}\n`);
    const end = seconds + series.periodSeconds;
    if (!Number.isNaN(before)) {
      found.changed += 1;
      tally.changed[bucketOfAge(asked - end)]! += 1;
      found.changes.push(changeRow(id, series, { seconds, before, after: value, seenMs: version }));
    } else {
      found.added += 1;
      if (end <= knownTo) tally.late[bucketOfAge(asked - end)]! += 1;
      else tally.punctual[bucketOfPunctual(asked - end)]! += 1;
    }
  }
}

/** NaN when nothing is stored, undefined when what is stored is newer. */
function storedValue({ stored, known }: Entry, seconds: number, version: number): number | undefined {
  if (stored === "known") return pointAt(known!, seconds);
  const position = positionOf(stored.seconds, seconds);
  if (position < 0) return Number.NaN;
  return stored.versions[position]! > version ? undefined : stored.values[position]!;
}

/** What is stored now is kept at hand for the next reading. */
function remember(entry: Entry, { isRecent, fromSeconds }: Range, version: number): void {
  const { integration, id, series, stored, points } = entry;
  if (isRecent && stored !== "known") {
    // Another batch may have added it meanwhile.
    entry.known = integration.find(id) ?? integration.add(id, series.periodSeconds);
  }
  const { known } = entry;
  if (!known) {
    integration.isBlank = false;
    return;
  }
  if (entry.isSeriesDue) {
    known.look = entry.look;
    known.firstSeen = Math.min(known.firstSeen, entry.first);
    known.lastSeen = Math.max(known.lastSeen, entry.last);
  }
  // A newer reading was faster: which values are stored now is for the store to say.
  if (version < known.version) {
    dropPoints(known);
    return;
  }
  known.version = version;
  if (isRecent && stored !== "known") {
    startPoints(known, fromSeconds);
    for (const [index, seconds] of stored.seconds.entries())
      keepIfOnGrid(known, seconds, stored.values[index]!);
  }
  for (const { timestampMs, value } of points) keepIfOnGrid(known, secondOf(timestampMs), value);
}

/** Points off the grid have no slot; then nothing is known, and the store is asked each time. */
function keepIfOnGrid(known: KnownSeries, seconds: number, value: number): void {
  if (isOnGrid(known, seconds)) keepPoint(known, seconds, value);
  else dropPoints(known);
}

function forgetSeries(known: KnownSeries): void {
  dropPoints(known);
  known.look = -1;
}
