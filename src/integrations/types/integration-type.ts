import type { PacedCall, PacedPlace } from "../../aws/index.ts";
import type { Clock, Log } from "../../base/index.ts";
import type {
  CloudIntegrationInput,
  CloudService,
  FieldProblem,
  IntegrationAdvice,
  IntegrationPreview,
  OwedReason,
} from "../../contract/index.ts";
import type { MetricPoint, MetricSeries } from "../../telemetry/index.ts";
import type { PreviewAccounts, RunAccounts } from "../accounts/plan.ts";
import type { AccountSettings } from "../accounts/settings.ts";
import type { AwsFailure, AwsSession, ClassifyFailure } from "../connection.ts";
import type { IntegrationRecord } from "../records.ts";

/** One kind of cloud integration: its settings on the wire, and how its data is pulled. */
export interface IntegrationType {
  readonly service: CloudService;
  /** Key of the settings in the wire object. */
  readonly configKey: "cloudWatch";
  readonly title: string;
  /** AWS actions that the role must allow. */
  readonly actions: readonly string[];
  /** The object under `configKey`, or nothing when the caller sent none. */
  inputOf(input: CloudIntegrationInput): ConfigInput | null | undefined;
  /**
   * The settings to store, from what the caller sent and, for an update, what is stored. Everything wrong is added to
   * `problems`; the result is then not used.
   */
  readConfig(
    input: ConfigInput,
    stored: Config | undefined,
    problems: FieldProblem[],
  ): Readonly<Record<string, unknown>>;
  /** Throws `pattern_invalid` for the first expression that does not compile. */
  checkPatterns(config: Config): void;
  configToWire(config: Config): Record<string, unknown>;
  /** Regions that the settings name; empty for the credential's own. */
  regionsOf(config: Config): readonly string[];
  /** Further accounts that the settings name. */
  accountsOf(config: Config): AccountSettings;
  /** The name of the pace that a series is asked for at, where that is not the usual one. */
  kindOfSeries(namespace: string, periodSeconds: number): string | undefined;
  /** Whether the settings want a metric, or which of them leaves it out. */
  covers(config: Config, metric: MetricName & { statistic: string; region?: string | undefined }): Coverage;
  collect(context: CollectContext): Promise<CollectResult>;
  /** What the settings match and cost, as far as the time allows. AWS's failures are thrown as they come. */
  preview(context: PreviewContext): Promise<IntegrationPreview>;
  /** How the settings could cost less. As `preview`. */
  advise(context: AdviceContext): Promise<TypeAdvice>;
  /** Most that the integration may cost in a month; undefined without a bound. */
  monthlyCapOf(config: Config): number | undefined;
}

export type Coverage = "wanted" | "other-region" | "other-namespace" | "filtered" | "other-statistic";

export type Config = Readonly<Record<string, unknown>>;
export type ConfigInput = NonNullable<CloudIntegrationInput["cloudWatch"]>;

/** What a preview hands to the type. */
export interface PreviewContext {
  readonly integration: Pick<IntegrationRecord, "config" | "refreshMinutes">;
  readonly session: AwsSession;
  /** Undefined when the session's own account is the only one. */
  readonly accounts?: PreviewAccounts | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly classify: ClassifyFailure;
  /** After this time no further page is asked for. Epoch milliseconds. */
  readonly lastPageAt: number;
}

export interface AdviceContext extends PreviewContext {
  readonly integration: Pick<IntegrationRecord, "config" | "refreshMinutes" | "createdAt">;
  /** Epoch milliseconds of the newest stored point of each namespace; one without any is absent. */
  newestPoints(): Promise<ReadonlyMap<string, number>>;
}

export type TypeAdvice = Pick<IntegrationAdvice, "usdPerMonth" | "items">;

/** What a run hands to the type. */
export interface CollectContext {
  readonly integration: Pick<
    IntegrationRecord,
    "id" | "service" | "config" | "additionalTags" | "refreshMinutes" | "updatedAt"
  >;
  readonly session: AwsSession;
  /** Undefined when the session's own account is the only one. */
  readonly accounts?: RunAccounts | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the run has no time left or the server stops. */
  readonly signal: AbortSignal;
  readonly classify: ClassifyFailure;
  readonly books: Books;
  readonly listings: Listings;
  /** Stores the points durably; repeating it is harmless. Of two values of a point the one asked for later stays. */
  write(series: readonly CollectedSeries[], reading: WriteReading): Promise<Written>;
  readonly progress: Progress;
  /** Without it nobody keeps AWS's quotas. */
  readonly pacer?: CallPacer | undefined;
  readonly spending: RunSpending;
  readonly units: Units;
}

/** Keeps the calls of all runs within AWS's quotas. */
export interface CallPacer {
  /** Resolves when it is the call's turn; rejects when the run ends before. */
  take(call: Omit<PacedCall, "integrationId">): Promise<void>;
  /** AWS has refused a call because there were too many. */
  throttled(place: PacedPlace): void;
}

/** What was asked for. Epoch milliseconds. */
export interface WriteReading {
  readonly askedAt: number;
  /** Start inclusive, end exclusive. */
  readonly from: number;
  readonly to: number;
  /** Everything before it had been read before, so that a point which is new there came late. */
  readonly knownTo: number;
}

export interface Written {
  readonly points: number;
  readonly added: number;
  readonly changed: number;
}

/** Counts priced calls while they happen, and says when there is no more money for them. */
export interface RunSpending {
  /** Undefined while calls may go on; else why not, in a sentence. */
  refusal(): string | undefined;
  add(call: PricedCall): void;
}

export interface PricedCall {
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  readonly calls: number;
  /** By AWS's two ways of counting statistics. */
  readonly metricsRequested: { readonly low: number; readonly high: number };
  readonly usd: { readonly low: number; readonly high: number };
}

/** Something that takes long to find out, kept in memory between runs by this process; it may be gone at any time. */
export interface Listings {
  get<T>(key: string): T | undefined;
  /** `weight` is roughly the number of metrics in it. */
  set(key: string, value: unknown, weight: number): void;
}

export interface MetricName {
  readonly namespace: string;
  readonly metricName: string;
}

/** Units of the integration's metrics. They are kept with the stored series, since asking AWS for one costs a call. */
export interface Units {
  get(metric: MetricName): string | undefined;
  /** True for one caller, who then asks; false when the unit is known or was asked for in vain not long ago. */
  claim(metric: MetricName): boolean;
  learn(metric: MetricName, unit: string | undefined): void;
  /** Asking does not work: nobody is to ask again for a while. */
  pause(): void;
}

/** How far a scope is: one region of one account, and metrics that are asked for at one pace. Epoch milliseconds. */
export interface Position {
  /** Start of the very first window. */
  readonly startedAt: number;
  /** End of the newest window that was read; what is missing before it is owed. */
  readonly storedTo: number;
  /** When that window was asked for. */
  readonly askedAt: number;
  readonly metrics: number;
  /** Up to which time each deep re-reading has been noted as owed, the first re-reading first. */
  readonly readings: readonly number[];
  /** Why the scope could not be read the last times; null when it could. */
  readonly trouble: Trouble | null;
}

export interface Trouble {
  readonly reason: OwedReason;
  readonly detail: string;
}

/** Which metrics a window is about, by their keys: from inclusive, to exclusive, null open. */
export interface KeyRange {
  readonly fromKey: string | null;
  readonly toKey: string | null;
}

/** A window that is to be read. Epoch milliseconds; `from` inclusive, `to` exclusive. */
export interface NewOwed extends KeyRange, Trouble {
  readonly from: number;
  readonly to: number;
  /** Namespace and name of the first and last metric, and their number; null and 0 for all of the scope. */
  readonly firstMetric: string | null;
  readonly lastMetric: string | null;
  readonly metrics: number;
  /** 0: never read. From 1 on: which deep re-reading. */
  readonly reading: number;
  readonly tries: number;
  readonly dueAt: number;
  readonly owedSince: number;
}

export interface Owed extends NewOwed {
  readonly id: string;
}

/** What the last listing found, by namespace and name: how many metrics are listed, and how many the settings want. */
export interface Listing {
  readonly listedAt: number;
  readonly names: Readonly<
    Record<string, Readonly<Record<string, readonly [listed: number, selected: number]>>>
  >;
}

/** Changes of a scope's books that belong together. */
export interface BookEntry {
  readonly position?: Position | undefined;
  /** Owed windows that are paid or superseded. */
  readonly settled?: readonly string[];
  readonly owe?: readonly NewOwed[];
  /** Owed windows that can no longer be had: they become gaps. */
  readonly lost?: readonly NewOwed[];
}

/** What the integration has read and what it owes. */
export interface Books {
  position(scope: string): Promise<Position | undefined>;
  /** The scope's owed windows, oldest first. */
  owed(scope: string): Promise<Owed[]>;
  /** All of it or nothing. Throws RunLostError when another worker has taken the run over. */
  record(scope: string, entry: BookEntry): Promise<void>;
  knownMetrics(scope: string): Promise<Uint8Array | undefined>;
  /** What was listed, and the hashes of all metrics that were read since they were first listed. */
  noteListing(scope: string, listing: Listing, knownMetrics: Uint8Array): Promise<void>;
  /** Scopes that are no longer asked for owe nothing and are expected to bring nothing. */
  retire(isWanted: (scope: string) => boolean): Promise<void>;
}

/** The worker was thought dead and its run given away; it must stop and change nothing more. */
export class RunLostError extends Error {
  override readonly name = "RunLostError";
}

/** One series with its points, ascending. */
export interface CollectedSeries {
  readonly series: MetricSeries;
  readonly points: readonly MetricPoint[];
}

/** What a run has done so far; the type counts as it goes. */
export interface Progress {
  windowFrom: number | null;
  windowTo: number | null;
  metricsListed: number;
  seriesStored: number;
  /** Different metrics among the stored series. */
  metricsStored: number;
  pointsStored: number;
  pointsAdded: number;
  pointsChanged: number;
  windowsPaid: number;
  windowsOwed: number;
  latestPointAt: number | null;
  costUsd: number;
}

export interface CollectProblem {
  readonly region: string | null;
  /** Set where the integration has several accounts. */
  readonly account?: { readonly accountId: string; readonly name: string | null } | undefined;
  readonly failure: AwsFailure;
}

export interface CollectResult {
  /** What went wrong, first things first. Empty: all of the window is stored. */
  readonly problems: readonly CollectProblem[];
  /** True when at least one region stored all it was asked for. */
  readonly someComplete: boolean;
  /** True when at least something was stored. */
  readonly someStored: boolean;
  /** True when more is due than this run could do: the next one should not wait for its turn. */
  readonly behind: boolean;
  /** The account that was pulled, when it was one. */
  readonly accountId?: string | undefined;
}

/** Thrown by a type to end the run at once: nobody but a person can repair these credentials. */
export class CredentialsFailure extends Error {
  override readonly name = "CredentialsFailure";
  readonly failure: AwsFailure;
  readonly region: string | null;

  constructor(failure: AwsFailure, region: string | null) {
    super(failure.message);
    this.failure = failure;
    this.region = region;
  }
}
