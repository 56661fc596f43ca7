import type { IntegrationAdvice } from "../../../contract/index.ts";
import { type CloudWatchConfig, defaultPeriodSeconds, defaultStatistics } from "./config.ts";
import { type PreviewedRegion, priceAt } from "./preview-price.ts";
import { whatIfMinutes } from "./preview-summary.ts";
import { type Range, scale, subtract } from "./pricing.ts";

type Item = IntegrationAdvice["items"][number];

/** What is known of an integration beside its settings and what they match. Epoch milliseconds. */
export interface AdviceFacts {
  readonly now: number;
  readonly createdAt: number;
  /** The newest stored point of each namespace; one without any is absent. */
  readonly newestPoints: ReadonlyMap<string, number>;
  /** For how many accounts each of those that were looked at stands; 1 unless it says otherwise. */
  readonly factor?: number;
}

/** Less than this a month, or than this part of the price, is not worth a change. */
const smallestSavingUsd = 0.01;
const smallestSavingShare = 0.01;
const dayMs = 24 * 3_600_000;
/** AWS goes on listing a metric for two weeks after its last point. */
const silentAfterMs = 14 * dayMs;

/** Changes that would cost less, the largest saving first; before them, a cap that the settings cannot keep. */
export function advise(
  config: CloudWatchConfig,
  intervalMinutes: number,
  regions: readonly PreviewedRegion[],
  facts: AdviceFacts,
): { usdPerMonth: Range; items: Item[] } {
  const price = (changed: Changed) =>
    scale(
      priceAt(changed.config ?? config, changed.minutes ?? intervalMinutes, changed.regions ?? regions).usd,
      facts.factor ?? 1,
    );
  const usd = price({});
  const priced: Saving = (changed) => subtract(usd, price(changed));
  const savings = [
    ...longerIntervals(config, intervalMinutes, priced),
    ...fewerStatistics(config, priced),
    ...silentNamespaces(config, regions, facts, priced),
  ].filter(
    ({ savingPerMonth: { high } }) => high >= Math.max(smallestSavingUsd, usd.high * smallestSavingShare),
  );
  return {
    usdPerMonth: usd,
    items: [
      ...capTooLow(config, usd),
      ...savings.sort((a, b) => b.savingPerMonth.high - a.savingPerMonth.high),
    ],
  };
}

/** What is otherwise than it is now. */
interface Changed {
  readonly config?: CloudWatchConfig;
  readonly minutes?: number;
  readonly regions?: readonly PreviewedRegion[];
}
type Saving = (changed: Changed) => Range;

function longerIntervals(config: CloudWatchConfig, intervalMinutes: number, saving: Saving): Item[] {
  const period = formatPeriod(config.periodSeconds ?? defaultPeriodSeconds);
  return whatIfMinutes
    .filter((minutes) => minutes > intervalMinutes)
    .map((minutes) => ({
      kind: "longer-interval",
      message: `Ask every ${minutes} minutes instead of every ${intervalMinutes}. Points stay one ${period} and none is left out; they only arrive up to ${minutes} minutes later.`,
      change: { serviceRefreshRateInMins: minutes },
      savingPerMonth: saving({ minutes }),
    }));
}

function formatPeriod(seconds: number): string {
  if (seconds === 60) return "a minute";
  return seconds === 3600 ? "an hour" : `every ${seconds / 60} minutes`;
}

const statisticsAsOne = 5;

function fewerStatistics(config: CloudWatchConfig, saving: Saving): Item[] {
  const statistics = config.statistics ?? defaultStatistics;
  const offer = (kept: readonly string[], message: string): Item => ({
    kind: "fewer-statistics",
    message,
    change: { cloudWatch: { statistics: [...kept] } },
    savingPerMonth: saving({ config: { ...config, statistics: kept } }),
  });
  const items: Item[] = [];
  const withoutSum = statistics.filter((statistic) => statistic !== "Sum");
  if (["Sum", "Average", "SampleCount"].every((needed) => statistics.includes(needed))) {
    items.push(
      offer(withoutSum, "Leave out Sum, which is Average times SampleCount: nothing is lost by that."),
    );
  }
  if (statistics.length > statisticsAsOne) {
    const kept = mostUsed(withoutSum.length >= statisticsAsOne ? withoutSum : statistics);
    const dropped = statistics.filter((statistic) => !kept.includes(statistic)).join(", ");
    items.push(
      offer(
        kept,
        `Leave out ${dropped}. AWS counts up to five statistics of a metric as one at best, and ${statistics.length} as ${Math.ceil(statistics.length / statisticsAsOne)}.`,
      ),
    );
  }
  return items;
}

/** Five of them, those that everybody asks for before the others, in the order of the settings. */
function mostUsed(statistics: readonly string[]): string[] {
  const usual = statistics.filter((statistic) => defaultStatistics.includes(statistic));
  const others = statistics.filter((statistic) => !usual.includes(statistic));
  const kept = [...usual, ...others].slice(0, statisticsAsOne);
  return statistics.filter((statistic) => kept.includes(statistic));
}

/** Listed and asked for, but nothing came of it for as long as AWS lists a metric. */
function silentNamespaces(
  config: CloudWatchConfig,
  regions: readonly PreviewedRegion[],
  { now, createdAt, newestPoints }: AdviceFacts,
  saving: Saving,
): Item[] {
  const silentSince = now - silentAfterMs;
  if (createdAt > silentSince) return [];
  const listed = new Set(regions.flatMap(({ selected }) => selected.map(({ namespace }) => namespace)));
  const isSilent = (namespace: string) => (newestPoints.get(namespace) ?? 0) < silentSince;
  return [...listed].filter(isSilent).flatMap((silent): Item[] => {
    const others = withoutNamespace(config.namespaces.length > 0 ? config.namespaces : [...listed], silent);
    // An empty list would mean all of them.
    if (others.length === 0) return [];
    const isAll = config.namespaces.length === 0;
    const caution = isAll ? " Namespaces that appear later have to be added by hand then." : "";
    const left = regions.map((region) => ({
      ...region,
      selected: region.selected.filter(({ namespace }) => namespace !== silent),
    }));
    return [
      {
        kind: "silent-namespace",
        message: `Leave out ${silent}: no point has come from it in 14 days, and it is paid for all the same.${caution}`,
        change: { cloudWatch: { namespaces: others } },
        savingPerMonth: saving({ config: { ...config, namespaces: others }, regions: left }),
      },
    ];
  });
}

function withoutNamespace(namespaces: readonly string[], left: string): string[] {
  return namespaces.filter((namespace) => namespace.toLowerCase() !== left.toLowerCase()).sort();
}

function capTooLow({ monthlyCapUsd: cap }: CloudWatchConfig, usd: Range): Item[] {
  if (cap === undefined || cap >= usd.high) return [];
  const days = Math.max(1, Math.floor((30 * cap) / usd.high));
  const enough = Math.ceil(usd.high * 100) / 100;
  return [
    {
      kind: "cap-too-low",
      message: `These settings cost $${usd.low.toFixed(2)} to $${usd.high.toFixed(2)} a month, counted at the high end, so the cap of $${cap.toFixed(2)} pauses collection after about ${days} ${days === 1 ? "day" : "days"} of each month. Raise it to $${enough.toFixed(2)}, or make the settings cost less.`,
      change: { cloudWatch: { monthlyCapUsd: enough } },
      savingPerMonth: { low: Math.min(0, cap - usd.low), high: cap - usd.high },
    },
  ];
}
