import { type AccountOfRun, collectAccounts } from "../../accounts/run.ts";
import { parseScope } from "../../collection/scopes.ts";
import { compilePattern } from "../../patterns.ts";
import type {
  CallPacer,
  CollectContext,
  CollectProblem,
  CollectResult,
  Trouble,
} from "../integration-type.ts";
import { createCloudWatchClients, type LinkedAccounts } from "./client.ts";
import type { MapContext, ResourceTags, SelectedMetric } from "./collect.ts";
import { asCloudWatchConfig, type CloudWatchConfig } from "./config.ts";
import { cachedDiscovery, type Discovery, type ListedRegion, toDiscovery } from "./discovery.ts";
import {
  discoverMetrics,
  type FetchDeps,
  fetchAccountAliases,
  fetchResourceTags,
  readTags,
} from "./fetch.ts";
import { hashOfKey } from "./keys.ts";
import { checkpointScope, kindOf, paceOf, regionsToPull, wantedKinds } from "./kinds.ts";
import { linkedTo } from "./linked.ts";
import { usdOfCall } from "./pricing.ts";
import { guard, noteIncomplete, type Region } from "./read.ts";
import { collectScope, isDue, noteTrouble, type Scope, splitFresh } from "./scope.ts";
import { regionsAtOnce } from "./spread.ts";
import { createUnitSeeker } from "./units.ts";

/** Pulls the accounts of the integration. */
export function collectCloudWatch(context: CollectContext): Promise<CollectResult> {
  return collectAccounts(context, collectAccount);
}

/** Pulls a few regions at a time; one that fails does not keep the others from being pulled. */
async function collectAccount(context: CollectContext, own: AccountOfRun): Promise<CollectResult> {
  const config = asCloudWatchConfig(context.integration.config);
  const account = await describeAccount(context, own.accountId);
  const linked = linkedTo(account.id, config, own.all);
  const problems: CollectProblem[] = [];
  let [someComplete, behind] = [false, false];
  const regions = regionsToPull(config, context.session.region);
  await retireOthers(context, own.scopeAccountId, regions);
  const queue = regions.values();
  const work = async () => {
    for (const { name, config: wanted } of queue) {
      const facts = { name, accountId: account.id, scopeAccountId: own.scopeAccountId, problems };
      const region = openRegion(context, wanted, facts, linked);
      const outcome = await collectRegion(region, account.alias);
      someComplete ||= outcome.complete;
      behind ||= outcome.behind;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: regionsAtOnce }, work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  const someStored = context.progress.pointsStored > 0;
  return { problems, someComplete, someStored, behind, accountId: account.id };
}

/** Regions and kinds of the account that the settings have named before would owe for ever. */
async function retireOthers(
  { books }: CollectContext,
  accountId: string | null,
  regions: ReturnType<typeof regionsToPull>,
): Promise<void> {
  const wanted = new Set(
    regions.flatMap(({ name, config }) =>
      wantedKinds(config).map((kind) => checkpointScope(name, kind, accountId)),
    ),
  );
  await books.retire((scope) => wanted.has(scope) || parseScope(scope).accountId !== accountId);
}

function openRegion(
  context: CollectContext,
  config: CloudWatchConfig,
  facts: Pick<Region, "name" | "accountId" | "scopeAccountId" | "problems">,
  linked: LinkedAccounts | undefined,
): Region {
  const { name, accountId } = facts;
  const session = context.session.withAccounting((call) => {
    if (call.throttled) context.pacer?.throttled({ accountId, region: name, operation: call.operation });
    const usd = call.ok ? usdOfCall(call.operation) : 0;
    if (usd === 0) return;
    context.progress.costUsd += usd;
    context.spending.add({
      operation: call.operation,
      accountId,
      region: name,
      calls: 1,
      metricsRequested: { low: 0, high: 0 },
      // The free million of calls a month may cover it.
      usd: { low: 0, high: usd },
    });
  });
  const deps: FetchDeps = {
    clients: createCloudWatchClients(session, name, linked),
    clock: context.clock,
    signal: context.signal,
    pace: (call) => pace(context, { ...call, accountId, region: name }),
  };
  const units = createUnitSeeker(deps, context.units, accountId, (error) =>
    context.log.debug("A metric's unit could not be read.", { error, region: name }),
  );
  return { context, config, ...facts, deps, units };
}

async function pace({ pacer }: CollectContext, call: Parameters<CallPacer["take"]>[0]): Promise<void> {
  await pacer?.take(call);
}

interface Account {
  readonly id: string;
  readonly alias: string | undefined;
}

/** The alias is a nicety that most roles do not allow to read: without it there is just no tag. */
async function describeAccount(context: CollectContext, known: string | undefined): Promise<Account> {
  const { session, clock, signal, log, listings, integration } = context;
  const accountId = known ?? (await session.identity()).accountId;
  const key = `${integration.id}/alias/${accountId}`;
  const cached = listings.get<{ readAt: number; alias: string | undefined }>(key);
  if (cached && clock.now() - cached.readAt < aliasAgeMax) return { id: accountId, alias: cached.alias };
  const deps: FetchDeps = {
    clients: createCloudWatchClients(session, session.region),
    clock,
    signal,
    pace: (call) => pace(context, { ...call, accountId, region: "global" }),
  };
  const aliases = await fetchAccountAliases(deps).catch((error: unknown) => {
    signal.throwIfAborted();
    log.debug("The account's alias is not known.", { error });
    return [];
  });
  listings.set(key, { readAt: clock.now(), alias: aliases[0] }, 1);
  return { id: accountId, alias: aliases[0] };
}

const aliasAgeMax = 3_600_000;

interface Outcome {
  readonly complete: boolean;
  readonly behind: boolean;
}

async function collectRegion(region: Region, alias: string | undefined): Promise<Outcome> {
  const { context, config, name } = region;
  const everyMs = context.integration.refreshMinutes * 60_000;
  const scopes = wantedKinds(config).map((kind) => ({
    region,
    name: checkpointScope(name, kind, region.scopeAccountId),
    kind,
    pace: paceOf(kind, config),
    everyMs,
  }));
  const outcome = await collectDue(region, scopes, alias);
  const refusal = context.spending.refusal();
  if (refusal === undefined) return outcome;
  // What comes to be missing from now on is missing for this reason.
  for (const scope of scopes) await noteTrouble(scope, { reason: "capped", detail: refusal });
  return { complete: false, behind: false };
}

async function collectDue(
  region: Region,
  scopes: readonly Omit<Scope, "metrics" | "fresh" | "shelf">[],
  alias: string | undefined,
): Promise<Outcome> {
  const { context } = region;
  if (context.spending.refusal() !== undefined) return { complete: false, behind: false };
  const areDue = await Promise.all(scopes.map(isDue));
  const due = scopes.filter((_, index) => areDue[index]);
  if (due.length === 0) return { complete: true, behind: false };
  const { discovery, isNew, trouble } = await discover(region, alias);
  if (!discovery) {
    for (const scope of due) await noteTrouble(scope, trouble);
    return { complete: false, behind: false };
  }
  context.progress.metricsListed += discovery.listed;
  const outcome = { complete: discovery.complete, behind: false };
  for (const scope of due) {
    const metrics = discovery.metrics.filter((metric) => kindOf(metric) === scope.kind);
    const known = scope.kind ? undefined : await knownMetrics(context, scope.name);
    const { old, fresh } = splitFresh(metrics, known);
    const { shelf } = discovery;
    const { complete, behind, readFresh } = await collectScope({ ...scope, metrics: old, fresh, shelf });
    outcome.complete &&= complete;
    outcome.behind ||= behind;
    if (!scope.kind && (isNew || readFresh.length > 0)) {
      const read = known ? readFresh : old;
      await noteListing(context, scope.name, discovery, { known, read, listed: metrics });
    }
  }
  return outcome;
}

const unexplained: Trouble = { reason: "error", detail: "The metrics could not be listed." };

/** What the region has, listed anew when the last listing is too old. */
async function discover(
  region: Region,
  alias: string | undefined,
): Promise<{ discovery: Discovery | undefined; isNew: boolean; trouble: Trouble }> {
  const { context, config, name, accountId } = region;
  const { integration, listings, clock } = context;
  const wantsTag = compilePattern(config.pointTagFilterRegex, "cloudWatch.pointTagFilterRegex");
  const map: MapContext = {
    integrationId: integration.id,
    accountId,
    region: name,
    accountAlias: alias,
    tags: integration.additionalTags,
    wantsTag: (key) => config.pointTagFilterRegex !== "" && wantsTag.matches(key),
    hostNameTags: config.hostNameTags,
  };
  const key = `${integration.id}/listing/${integration.updatedAt}/${accountId}/${name}`;
  let trouble: Trouble | undefined;
  const now = clock.now();
  const { discovery, fresh } = await cachedDiscovery({ listings, now, key }, async (previous) => {
    let found: Discovery | undefined;
    trouble = await guard(region, async () => {
      found = toDiscovery(await listRegion(region), { now, config, map, previous });
    });
    return found;
  });
  return { discovery, isNew: fresh, trouble: trouble ?? unexplained };
}

async function listRegion(region: Region): Promise<ListedRegion> {
  const { config, deps } = region;
  const { metrics: listed, cut } = await discoverMetrics(deps, config.namespaces);
  if (cut) noteIncomplete(region, cut);
  const forPoints = config.pointTagFilterRegex !== "" || config.hostNameTags !== undefined;
  const { tags, unselectable } = await readTags(config, { forPoints }, async (types) => {
    let found: ResourceTags | undefined;
    await guard(region, async () => {
      found = await fetchResourceTags(deps, types);
    });
    return found;
  });
  return { listed, tags, unselectable, complete: cut === undefined && unselectable.length === 0 };
}

/** Hashes of the metrics that were read since they were listed first; undefined before the first reading. */
async function knownMetrics(
  { books, integration, listings }: CollectContext,
  scope: string,
): Promise<ReadonlySet<number> | undefined> {
  const key = `${integration.id}/known/${scope}`;
  const cached = listings.get<ReadonlySet<number>>(key);
  if (cached) return cached;
  const bytes = await books.knownMetrics(scope);
  if (!bytes) return undefined;
  const known = new Set(new Float64Array(new Uint8Array(bytes).buffer));
  listings.set(key, known, known.size);
  return known;
}

async function noteListing(
  { books, integration, listings }: CollectContext,
  scope: string,
  { complete, listedAt, names }: Discovery,
  metrics: {
    known: ReadonlySet<number> | undefined;
    read: readonly SelectedMetric[];
    listed: readonly SelectedMetric[];
  },
): Promise<void> {
  const everRead = new Set([...(metrics.known ?? []), ...hashesOf(metrics.read)]);
  // What is gone is forgotten, or the books of an account whose metrics come and go would grow for ever. What a listing that
  // broke off has left out is not gone.
  const known = complete ? new Set(hashesOf(metrics.listed).filter((hash) => everRead.has(hash))) : everRead;
  await books.noteListing(scope, { listedAt, names }, new Uint8Array(new Float64Array(known).buffer));
  listings.set(`${integration.id}/known/${scope}`, known, known.size);
}

function hashesOf(metrics: readonly SelectedMetric[]): number[] {
  return metrics.map(({ key }) => hashOfKey(key));
}
