import type { IntegrationPreview } from "../../../contract/index.ts";
import type { PreviewContext } from "../integration-type.ts";

/** What was found in the accounts that a preview looked at, and for how many accounts each of them stands. */
export interface PreviewedAccounts<T> {
  readonly found: readonly T[];
  readonly factor: number;
  readonly notes: readonly string[];
}

/** Looks at the accounts of the sample, or at the session's own. Throws only when none of them can be looked at. */
export async function lookAtAccounts<T>(
  context: PreviewContext,
  look: (context: PreviewContext, accountId: string | undefined) => Promise<T>,
): Promise<PreviewedAccounts<T>> {
  const { accounts } = context;
  if (!accounts) return { found: [await look(context, undefined)], factor: 1, notes: [] };
  const { all, sampled } = accounts;
  const looks = await Promise.allSettled(
    sampled.map(({ accountId, session }) => look({ ...context, session }, accountId)),
  );
  context.signal.throwIfAborted();
  const found = looks.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failures = looks.flatMap((each, index) =>
    each.status === "rejected" ? [{ account: sampled[index], error: each.reason as unknown }] : [],
  );
  if (found.length === 0 && failures[0]) throw failures[0].error;
  const refused = failures.map(
    ({ account, error }) =>
      `The account ${account?.accountId} could not be looked at: ${context.classify(error).message}`,
  );
  const factor = found.length === 0 ? 1 : all.size / found.length;
  return {
    found,
    factor,
    notes: factor === 1 ? refused : [extrapolated(found.length, all.size), ...refused],
  };
}

function extrapolated(looked: number, all: number): string {
  return `Estimated from ${looked} of ${all} accounts: all figures but the cost of this preview are scaled up. Accounts differ, so the true figures may be some times higher or lower.`;
}

/** The preview of all accounts from that of the sample; the same region of several accounts becomes one. */
export function joinAccounts(
  preview: IntegrationPreview,
  { factor, notes }: Pick<PreviewedAccounts<unknown>, "factor" | "notes">,
): IntegrationPreview {
  const count = (value: number) => Math.round(value * factor);
  const range = scaleRange(factor);
  const work = (value: IntegrationPreview["perRun"]) => ({
    metricsRequested: range(value.metricsRequested),
    getMetricDataCalls: value.getMetricDataCalls * factor,
    listMetricsCalls: value.listMetricsCalls * factor,
  });
  return {
    ...preview,
    notes: [...notes, ...preview.notes],
    listedMetrics: count(preview.listedMetrics),
    matchedMetrics: count(preview.matchedMetrics),
    series: count(preview.series),
    regions: Array.from(
      Map.groupBy(preview.regions, ({ region }) => region),
      ([region, parts]) => ({
        region,
        listedMetrics: count(sum(parts.map(({ listedMetrics }) => listedMetrics))),
        matchedMetrics: count(sum(parts.map(({ matchedMetrics }) => matchedMetrics))),
      }),
    ),
    namespaces: preview.namespaces.map((namespace) => ({
      ...namespace,
      metrics: count(namespace.metrics),
      series: count(namespace.series),
      usdPerMonth: range(namespace.usdPerMonth),
      dimensionSets: namespace.dimensionSets.map((set) => ({ ...set, metrics: count(set.metrics) })),
    })),
    unmatched: preview.unmatched.map((each) => ({ ...each, metrics: count(each.metrics) })),
    perRun: work(preview.perRun),
    perMonth: work(preview.perMonth),
    usdPerMonth: range(preview.usdPerMonth),
    whatIf: preview.whatIf.map((each) => ({
      ...each,
      usdPerMonth: range(each.usdPerMonth),
      savingPerMonth: range(each.savingPerMonth),
    })),
  };
}

function scaleRange(factor: number) {
  return ({ low, high }: { low: number; high: number }) => ({ low: low * factor, high: high * factor });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
