import type { IntegrationPreview } from "../../../contract/index.ts";
import type { AdviceContext, PreviewContext, TypeAdvice } from "../integration-type.ts";
import { advise } from "./advice.ts";
import { createCloudWatchClients, type LinkedAccounts } from "./client.ts";
import { selectMetrics } from "./collect.ts";
import { asCloudWatchConfig, type CloudWatchConfig } from "./config.ts";
import { discoverMetrics, fetchResourceTags, readTags } from "./fetch.ts";
import { regionsToPull } from "./kinds.ts";
import { describeLinked, linkedTo } from "./linked.ts";
import { joinAccounts, lookAtAccounts } from "./preview-accounts.ts";
import {
  describeEmptyNamespaces,
  matchRegion,
  type RegionMatches,
  summarizeMatches,
} from "./preview-matches.ts";
import type { PreviewedRegion } from "./preview-price.ts";
import { summarize } from "./preview-summary.ts";

/** 500 metrics a page: what a preview looks at in one region. */
export const previewPagesMax = 40;

/** Quotas are a region's own; this bounds the connections. */
const regionsAtOnce = 4;

/** Lists and selects as a run does, region by region, and prices what is left. */
export async function previewCloudWatch(context: PreviewContext): Promise<IntegrationPreview> {
  const config = asCloudWatchConfig(context.integration.config);
  const looked = await lookAtAccounts(context, (account, accountId) =>
    previewRegions(account, config, accountId),
  );
  const regions = looked.found.flat();
  const matches = regions.map((region) => region.matches);
  const price = summarize(config, context.integration.refreshMinutes, regions);
  const preview = {
    ...price,
    ...summarizeMatches(config, matches),
    notes: [...price.notes, ...(price.truncated ? [] : describeEmptyNamespaces(config, matches))],
  };
  return context.accounts ? joinAccounts(preview, looked) : preview;
}

/** As a preview, and compares with what changed settings would cost. */
export async function adviseCloudWatch(context: AdviceContext): Promise<TypeAdvice> {
  const config = asCloudWatchConfig(context.integration.config);
  const { found, factor } = await lookAtAccounts(context, (account, accountId) =>
    previewRegions(account, config, accountId),
  );
  return advise(config, context.integration.refreshMinutes, found.flat(), {
    now: context.clock.now(),
    createdAt: context.integration.createdAt,
    newestPoints: await context.newestPoints(),
    factor,
  });
}

type Previewed = PreviewedRegion & { readonly matches: RegionMatches };

async function previewRegions(
  context: PreviewContext,
  config: CloudWatchConfig,
  knownAccountId: string | undefined,
): Promise<Previewed[]> {
  const linked = config.includeLinkedAccounts
    ? linkedTo(knownAccountId ?? (await context.session.identity()).accountId, config, context.accounts?.all)
    : undefined;
  const regions = regionsToPull(config, context.session.region);
  const previewed = new Map<string, Previewed>();
  const queue = regions.values();
  const work = async () => {
    for (const { name, config: wanted } of queue)
      previewed.set(name, await previewRegion(context, name, wanted, linked));
  };
  await Promise.all(Array.from({ length: regionsAtOnce }, work));
  return regions.flatMap(({ name }) => previewed.get(name) ?? []);
}

async function previewRegion(
  context: PreviewContext,
  region: string,
  config: CloudWatchConfig,
  linked: LinkedAccounts | undefined,
): Promise<Previewed> {
  const { clock, signal } = context;
  let listCalls = 0;
  const session = context.session.withAccounting(({ operation, ok }) => {
    if (operation === "ListMetrics" && ok) listCalls += 1;
  });
  const deps = { clients: createCloudWatchClients(session, region, linked), clock, signal };
  const outOfTime = () => (clock.now() >= context.lastPageAt ? "the time was up" : undefined);
  const stop = () =>
    outOfTime() ?? (listCalls >= previewPagesMax ? `more than ${previewPagesMax} pages` : undefined);

  const notes: string[] = [];
  const first = outOfTime();
  const { metrics: listed, cut } = first
    ? { metrics: [], cut: first }
    : await discoverMetrics(deps, config.namespaces, stop);
  if (cut) notes.push(`${region}: not all metrics were listed (${cut}). There are more, which cost more.`);
  if (linked) notes.push(...describeLinked(region, listed));
  const forPoints = config.pointTagFilterRegex !== "";
  const { tags, unselectable } = await readTags(config, { forPoints }, (types) =>
    fetchResourceTags(deps, types, outOfTime).catch((error: unknown) => {
      signal.throwIfAborted();
      const failure = context.classify(error);
      if (failure.disables) throw error;
      notes.push(
        `${region}: the tags could not be read, so what they select is left out. ${failure.message}`,
      );
      return undefined;
    }),
  );
  const wanted = listed.filter(({ namespace }) => !unselectable.includes(namespace));
  return {
    region,
    config,
    listed: listed.length,
    selected: selectMetrics(wanted, config, tags),
    matches: matchRegion(region, listed, config, { tags, unselectable }),
    listCalls,
    truncated: cut !== undefined,
    notes,
  };
}
