import { GetMetricDataCommand, paginateListMetrics } from "@aws-sdk/client-cloudwatch";
import type { AwsInProcess } from "../../test/support/trial/aws-in-process.ts";
import { type Puller, seriesKey } from "../../test/support/trial/puller.ts";
import type { Model, ModelAws, ModelQuery, ModelSettings } from "./model.ts";

class Killed extends Error {
  override readonly name = "Killed";
}

/** A model polls on the full interval; what it kept outlives its process, as the store behind a collector does. */
export function createModelPuller(
  model: Model,
  settings: ModelSettings,
  deps: { aws: AwsInProcess; clock: { now(): number } },
): Puller {
  const { clock } = deps;
  const store = createStore(model.appendOnly);
  const aws = connect(deps.aws, store.keep);
  let poll: ReturnType<Model["start"]> | undefined;
  let nextMs = 0;
  const start = () => {
    poll = model.start(settings);
    nextMs = Math.ceil(clock.now() / settings.pollMs) * settings.pollMs;
  };
  return {
    start: async () => start(),
    stop: async () => {
      poll = undefined;
    },
    killDuringNextPoll: aws.killAtNextData,
    nextAt: async () => nextMs,
    work: async () => {
      if (!poll || clock.now() < nextMs) return;
      nextMs += settings.pollMs;
      await poll(aws, clock.now());
      if (aws.wasKilled()) start();
    },
    stored: async ({ fromMs, name, namespace, statistic, toMs }) =>
      store.read(storeKey({ namespace, name }, statistic), fromMs, toMs),
  };
}

function storeKey({ name, namespace }: { namespace: string; name: string }, statistic: string): string {
  return `${namespace} ${name} ${statistic}`;
}

function createStore(appendOnly: boolean) {
  const series = new Map<string, Map<string, Map<number, number>>>();
  const newest = new Map<ReadonlyMap<number, number>, number>();
  const pointsOf = ({ metric, statistic }: ModelQuery): Map<number, number> => {
    const group = getOrMake(
      series,
      storeKey(metric, statistic),
      () => new Map<string, Map<number, number>>(),
    );
    return getOrMake(group, seriesKey(metric.dimensions), () => new Map<number, number>());
  };
  const keep: ModelAws["keep"] = (query, points) => {
    const known = pointsOf(query);
    for (const { atMs, value } of points) {
      const last = newest.get(known) ?? 0;
      if (appendOnly && atMs <= last) continue;
      known.set(atMs, value);
      newest.set(known, Math.max(last, atMs));
    }
  };
  const read = (key: string, fromMs: number, toMs: number) =>
    new Map(
      [...(series.get(key) ?? [])].map(([dimensions, points]) => [
        dimensions,
        new Map([...points].filter(([atMs]) => atMs >= fromMs && atMs < toMs)),
      ]),
    );
  return { keep, read };
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

function connect({ cloudWatch: client }: AwsInProcess, keep: ModelAws["keep"]) {
  let [killing, killed] = [false, false];
  const aws: ModelAws = {
    listPages: async function* (Namespace, { recentlyActive }) {
      const input = { Namespace, ...(recentlyActive && { RecentlyActive: "PT3H" as const }) };
      for await (const { Metrics = [] } of paginateListMetrics({ client }, input))
        yield Metrics.map(({ Dimensions = [], MetricName = "" }) => ({
          namespace: Namespace,
          name: MetricName,
          dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name ?? "", Value ?? ""])),
        }));
    },
    getData: async ({ queries, startMs, endMs, nextToken }) => {
      if (killing || killed) {
        [killing, killed] = [false, true];
        throw new Killed("The process was killed.");
      }
      const answer = await client.send(
        new GetMetricDataCommand({
          MetricDataQueries: [...queries],
          StartTime: new Date(startMs),
          EndTime: new Date(endMs),
          NextToken: nextToken,
        }),
      );
      return { results: answer.MetricDataResults ?? [], nextToken: answer.NextToken };
    },
    keep,
  };
  return {
    ...aws,
    killAtNextData: () => {
      killing = true;
    },
    /** Tells it once. */
    wasKilled: () => {
      const was = killed;
      killed = false;
      return was;
    },
  };
}
