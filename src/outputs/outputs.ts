import type { Kysely } from "kysely";
import type { Poster } from "../aws/index.ts";
import type { Clock, Log, Random } from "../base/index.ts";
import type {
  MetricNaming,
  OutputKind,
  Outputs,
  OutputsInput,
  OutputTarget,
  Principal,
} from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import type { MetricFeed } from "../telemetry/index.ts";
import { createDelivery, type Delivery } from "./delivery/delivery.ts";
import type { Receiver } from "./delivery/send.ts";
import type { TurnDeps } from "./delivery/turn.ts";
import { otlpEncoder } from "./encoders/otlp.ts";
import { createRemoteWriteEncoder } from "./encoders/remote-write.ts";
import { defaultNaming } from "./naming.ts";
import {
  deleteOrphans,
  findOutputs,
  lastRunEnds,
  listWaiting,
  lockOutputs,
  type StoredOutputs,
  saveOutputs,
  type Target,
} from "./outputs-queries.ts";
import { applyTarget, openHeaders, type SettingsDeps, sealedKind } from "./settings.ts";

export interface OutputsDeps extends SettingsDeps {
  readonly db: { readonly kysely: Kysely<Tables> };
  readonly feed: MetricFeed;
  readonly poster: Pick<Poster, "post">;
  /** Throws `integration_not_found`. */
  readonly integrationExists: (id: string) => Promise<unknown>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly observe?: TurnDeps["observe"];
}

/** How far behind a target is, for the server's own metrics. */
export interface TargetLag {
  readonly integrationId: string;
  readonly kind: OutputKind;
  /** Since the end of the first run whose points are not sent; 0 when all are. */
  readonly lagSeconds: number;
  readonly failures: number;
}

export interface MetricOutputs {
  /** Throws `integration_not_found`. */
  get(integrationId: string): Promise<Outputs>;
  /** What is absent stays. Throws `integration_not_found`, `validation_failed`; nothing is changed then. */
  update(integrationId: string, input: OutputsInput, caller: Pick<Principal, "name">): Promise<Outputs>;
  /** Settings of the text formats. Throws `integration_not_found`. */
  exposition(integrationId: string): Promise<{ openMetrics: boolean; naming: MetricNaming }>;
  lags(): Promise<TargetLag[]>;
  readonly delivery: Delivery;
  /** Forgets the outputs, secrets included, of integrations that are gone for good. */
  forgetOrphans(): Promise<void>;
}

export function createOutputs(deps: OutputsDeps): MetricOutputs {
  const db = deps.db.kysely;
  const nothing: StoredOutputs = { openMetrics: false, naming: defaultNaming, targets: [] };
  const read = async (integrationId: string) => {
    await deps.integrationExists(integrationId);
    return (await findOutputs(db, integrationId)) ?? nothing;
  };
  const get = async (integrationId: string) => describe(deps, await read(integrationId));
  return {
    get,
    update: async (integrationId, input, caller) => {
      await deps.integrationExists(integrationId);
      await update(deps, integrationId, input, caller.name);
      return get(integrationId);
    },
    exposition: async (integrationId) => {
      const { openMetrics, naming } = await read(integrationId);
      return { openMetrics, naming };
    },
    lags: () => lags(deps),
    delivery: createDelivery({
      ...deps,
      observe: deps.observe ?? (() => {}),
      openReceiver: (target) => openReceiver(deps, target),
    }),
    forgetOrphans: async () => {
      for (const id of await deleteOrphans(db)) await deps.vault.remove(sealedKind, id);
    },
  };
}

async function update(
  deps: OutputsDeps,
  integrationId: string,
  input: OutputsInput,
  by: string,
): Promise<void> {
  const now = deps.clock.now();
  // A new target begins behind the last run, or with the first.
  const [sentTo = 0] = await lastRunEnds(deps.db.kysely, integrationId);
  await deps.db.kysely.transaction().execute(async (transaction) => {
    const current = await lockOutputs(transaction, integrationId, { naming: defaultNaming, now, by });
    await saveOutputs(transaction, integrationId, {
      openMetrics: input.openMetrics ?? current.openMetrics,
      naming: input.naming ?? current.naming,
      now,
      by,
    });
    for (const [path, kind] of [
      ["remoteWrite", "remote-write"],
      ["otlp", "otlp"],
    ] as const) {
      const wanted = input[path];
      if (wanted === undefined) continue;
      const stored = current.targets.find((target) => target.kind === kind);
      await applyTarget(deps, transaction, {
        integrationId,
        kind,
        path,
        input: wanted,
        current: stored,
        sentTo,
      });
    }
  });
}

async function openReceiver(deps: OutputsDeps, target: Target): Promise<Receiver> {
  const { authorization, headers } = await openHeaders(deps.vault, target);
  const stored = await findOutputs(deps.db.kysely, target.integrationId);
  return {
    url: target.url,
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
    encoder: target.kind === "otlp" ? otlpEncoder : createRemoteWriteEncoder(stored?.naming ?? defaultNaming),
    post: deps.poster.post,
  };
}

async function describe(
  deps: OutputsDeps,
  { openMetrics, naming, targets }: StoredOutputs,
): Promise<Outputs> {
  const of = async (kind: OutputKind) => {
    const target = targets.find((one) => one.kind === kind);
    return target ? describeTarget(deps, target) : null;
  };
  return { openMetrics, naming, remoteWrite: await of("remote-write"), otlp: await of("otlp") };
}

async function describeTarget(deps: OutputsDeps, target: Target): Promise<OutputTarget> {
  const now = deps.clock.now();
  const isLeased = target.leaseUntil !== null && target.leaseUntil.getTime() > now;
  const retryAt = target.retryAt !== null && target.failures > 0 ? target.retryAt : null;
  return {
    url: target.url,
    hasAuthorization: target.hasAuthorization,
    headerNames: [...target.headerNames],
    sendChanges: target.sendChanges,
    state: isLeased ? "sending" : retryAt ? "retrying" : "idle",
    sentTo: target.sentTo === 0 ? null : new Date(target.sentTo).toISOString(),
    pending: await countPending(deps, target),
    sentPoints: target.sentPoints,
    dropped: { refused: target.dropped.refused ?? 0, rejected: target.dropped.rejected ?? 0 },
    lastSentAt: target.lastSentAt?.toISOString() ?? null,
    lastError: target.lastError,
    lastErrorAt: target.lastErrorAt?.toISOString() ?? null,
    retryAt: retryAt?.toISOString() ?? null,
  };
}

/** Of runs that are over; what a run under way has stored is not due yet. */
async function countPending(deps: OutputsDeps, target: Target): Promise<number> {
  const { integrationId, sentTo, position, sendChanges } = target;
  const [newest = 0, before = 0] = await lastRunEnds(deps.db.kysely, integrationId);
  if (newest <= sentTo) return 0;
  const leaveOutChanges = !sendChanges && before <= sentTo;
  const stored = await deps.feed.count({ integrationId, after: sentTo, upTo: newest, leaveOutChanges });
  return Math.max(0, stored - (position?.done ?? 0));
}

async function lags({ db, clock }: OutputsDeps): Promise<TargetLag[]> {
  const now = clock.now();
  return (await listWaiting(db.kysely)).map(({ integrationId, kind, waitingSince, failures }) => ({
    integrationId,
    kind,
    lagSeconds: waitingSince === undefined ? 0 : Math.max(0, now - waitingSince) / 1000,
    failures,
  }));
}
