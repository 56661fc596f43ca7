import { Readable } from "node:stream";
import { AppError, type Clock } from "../../base/index.ts";
import type { MetricExportQuery, MetricNaming, ScrapeQuery } from "../../contract/index.ts";
import type { ExportRequest, FedSeries, MetricExport } from "../../telemetry/index.ts";
import { familyName } from "../naming.ts";
import { type Breather, createBreather } from "./breather.ts";
import { endOfText, familyHead, type NamedFamily, nameFamilies, seriesLines } from "./open-metrics.ts";
import { createPlaces } from "./places.ts";
import { readSelectors, type Selector } from "./selectors.ts";
import { createSettledScopes, type SettledTo } from "./settled.ts";

export interface TextExportDeps {
  readonly store: MetricExport;
  /** Throws `integration_not_found`. */
  readonly exposition: (integrationId: string) => Promise<{ openMetrics: boolean; naming: MetricNaming }>;
  readonly settledTo: SettledTo;
  readonly clock: Pick<Clock, "now" | "monotonic" | "sleep">;
}

/**
 * Metrics as OpenMetrics text, written while they are read: memory stays bounded whatever the number of series is. Throws
 * `overloaded` when too many texts are being written already.
 */
export interface TextExport {
  /** The newest point of each series. Throws `integration_not_found`, `output_not_enabled`, `validation_failed`. */
  scrape(integrationId: string, query: ScrapeQuery): Promise<Readable>;
  /** All points of a time. Throws `integration_not_found`, `validation_failed`, `query_too_large`. */
  range(query: MetricExportQuery): Promise<Readable>;
}

/** Points of one reading of the store. */
const pointsPerRead = 200_000;
const seriesPerRead = 2_000;
/** What one range may give: about 2 GB of text. */
const rangePointsMax = 20_000_000;
const rangeSecondsMax = 400 * 86_400;

/**
 * A series is stale when its newest point began longer ago than this: by then it would have had another. Metrics with periods of
 * more than an hour, such as the daily ones of S3, come and settle days later.
 */
const staleSeconds = { short: 4 * 3600, long: 5 * 86_400 } as const;

export function createTextExport(deps: TextExportDeps): TextExport {
  const settledScopes = createSettledScopes(deps);
  const places = createPlaces(deps.clock);
  const readerOf =
    (finality: "all" | "settled"): Reader =>
    async (request) => {
      const { integrationId, families } = request;
      const settled = finality === "all" ? undefined : await settledScopes(integrationId, families);
      return deps.store.readSeries({ ...request, settled });
    };
  const texts: TextExport = {
    scrape: async (integrationId, query) => {
      const { openMetrics, naming } = await deps.exposition(integrationId);
      if (!openMetrics) throw new AppError("output_not_enabled");
      const selector = readSelectors(listOf(query["match[]"]));
      const families = nameFamilies(await deps.store.findFamilies(integrationId));
      const now = Math.ceil(deps.clock.now() / 1000);
      const reads: Reading[] = (["short", "long"] as const).map((periods) => ({
        integrationId,
        periods,
        from: now - staleSeconds[periods],
        to: now,
        newestOnly: true,
        seriesMax: seriesPerRead,
      }));
      return write(readerOf(query.finality), families, reads, {
        naming,
        selector,
        timestamps: query.timestamps === "on",
        breather: createBreather(deps.clock),
      });
    },
    range: async (query) => {
      const { integrationId } = query;
      const { naming } = await deps.exposition(integrationId);
      const selector = readSelectors(listOf(query["match[]"]));
      const [from, to] = [toSeconds(query.from), toSeconds(query.to)];
      checkRange(from, to);
      const families = nameFamilies(await deps.store.findFamilies(integrationId));
      const pointsPerSeries = checkSize(families, to - from);
      const reading: Reading = {
        integrationId,
        from,
        to,
        newestOnly: false,
        seriesMax: Math.max(1, Math.min(seriesPerRead, Math.floor(pointsPerRead / pointsPerSeries))),
      };
      return write(readerOf(query.finality), families, [reading], {
        naming,
        selector,
        timestamps: true,
        breather: createBreather(deps.clock),
      });
    },
  };
  return {
    scrape: (integrationId, query) => places.take(() => texts.scrape(integrationId, query)),
    range: (query) => places.take(() => texts.range(query)),
  };
}

type Reading = Omit<ExportRequest, "families" | "behindSeries" | "settled">;
interface WriteOptions {
  readonly naming: MetricNaming;
  readonly selector: Selector;
  readonly timestamps: boolean;
  readonly breather: Breather;
}

/** Reads series of some families, without the points that are left out for not being settled. */
type Reader = (request: Omit<ExportRequest, "settled">) => ReturnType<MetricExport["readSeries"]>;

function write(
  read: Reader,
  families: readonly NamedFamily[],
  readings: readonly Reading[],
  options: WriteOptions,
): Readable {
  return Readable.from(textOf(read, families, readings, options), { objectMode: false, encoding: "utf8" });
}

async function* textOf(
  read: Reader,
  families: readonly NamedFamily[],
  readings: readonly Reading[],
  options: WriteOptions,
): AsyncGenerator<string> {
  for (const group of groupsOf(families, readings[0]?.seriesMax ?? 1)) {
    if (group.length > 1) yield* smallFamilies(read, group, readings, options);
    else yield* oneFamily(read, group[0] as NamedFamily, readings, options);
  }
  yield endOfText;
}

/** Families that fit into one reading together; a larger one stands alone and is read in parts. */
function* groupsOf(families: readonly NamedFamily[], seriesMax: number): Generator<NamedFamily[]> {
  let group: NamedFamily[] = [];
  let series = 0;
  for (const family of families) {
    const size = sizeOf(family);
    if (group.length > 0 && series + size >= seriesMax) {
      yield group;
      group = [];
      series = 0;
    }
    group.push(family);
    series += size;
  }
  if (group.length > 0) yield group;
}

/** Reads all of the group first, because series come in the order of their ids and a family's samples must stand together. */
async function* smallFamilies(
  read: Reader,
  group: readonly NamedFamily[],
  readings: readonly Reading[],
  options: WriteOptions,
): AsyncGenerator<string> {
  const series: FedSeries[] = [];
  for (const reading of relevant(readings, group)) {
    series.push(...(await read({ ...reading, families: group.flatMap(({ members }) => members) })).series);
  }
  const byName = Map.groupBy(series, familyName);
  for (const family of group) {
    const lines = await linesOf(family.name, byName.get(family.name) ?? [], options);
    if (lines !== "") yield headOf(family) + lines;
  }
}

async function* oneFamily(
  read: Reader,
  family: NamedFamily,
  readings: readonly Reading[],
  options: WriteOptions,
): AsyncGenerator<string> {
  let isOpen = false;
  for (const reading of relevant(readings, [family])) {
    let behindSeries: string | undefined;
    do {
      const page = await read({ ...reading, families: family.members, behindSeries });
      behindSeries = page.behind;
      const lines = await linesOf(family.name, page.series, options);
      if (lines === "") continue;
      yield isOpen ? lines : headOf(family) + lines;
      isOpen = true;
    } while (behindSeries !== undefined);
  }
}

/** Selectors with large patterns may take milliseconds for each series. */
async function linesOf(name: string, series: readonly FedSeries[], options: WriteOptions): Promise<string> {
  const lines: string[] = [];
  await options.breather.each(series, (one) => lines.push(seriesLines(name, one, options)));
  return lines.join("");
}

/** A reading of long periods is left out where there are none, and the other way round. */
function relevant(readings: readonly Reading[], group: readonly NamedFamily[]): Reading[] {
  const members = group.flatMap((family) => family.members);
  return readings.filter(({ periods }) => {
    if (periods === undefined) return true;
    return members.some((member) =>
      periods === "short" ? member.periodSecondsMin <= 3600 : member.periodSecondsMax > 3600,
    );
  });
}

function headOf({ name, members }: NamedFamily): string {
  return familyHead(name, members[0] as NamedFamily["members"][number]);
}

function sizeOf({ members }: NamedFamily): number {
  return members.reduce((sum, { series }) => sum + series, 0);
}

function listOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** The last second that the store's times can hold. */
const lastSecond = 2 ** 32 - 1;

function toSeconds(time: string): number {
  return Math.min(lastSecond, Math.max(0, Math.ceil(Date.parse(time) / 1000)));
}

function checkRange(from: number, to: number): void {
  const problem = (message: string) =>
    new AppError("validation_failed", { fields: [{ path: "to", message }] });
  if (to <= from) throw problem("The end must be after the start.");
  if (to - from > rangeSecondsMax) throw problem("At most 400 days at once.");
}

/** Most points that a series of any family can have in the time. Throws `query_too_large` when the sum is beyond all reason. */
function checkSize(families: readonly NamedFamily[], seconds: number): number {
  let [points, most] = [0, 1];
  for (const { members } of families) {
    for (const { series, periodSecondsMin } of members) {
      const perSeries = Math.ceil(seconds / Math.max(1, periodSecondsMin));
      points += series * perSeries;
      most = Math.max(most, perSeries);
    }
  }
  if (points > rangePointsMax) {
    throw new AppError("query_too_large", {
      message: `The export could hold ${points} points; at most ${rangePointsMax} are given at once. Shorten the time.`,
    });
  }
  return most;
}
