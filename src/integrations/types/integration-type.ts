import type { Clock, Log } from "../../base/index.ts";
import type {
  CloudIntegrationInput,
  CloudService,
  FieldProblem,
  IntegrationPreview,
} from "../../contract/index.ts";
import type { MetricPoint, MetricSeries } from "../../telemetry/index.ts";
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
  collect(context: CollectContext): Promise<CollectResult>;
  /** What the settings match and cost, as far as the time allows. AWS's failures are thrown as they come. */
  preview(context: PreviewContext): Promise<IntegrationPreview>;
}

export type Config = Readonly<Record<string, unknown>>;
export type ConfigInput = NonNullable<CloudIntegrationInput["cloudWatch"]>;

/** What a preview hands to the type. */
export interface PreviewContext {
  readonly integration: Pick<IntegrationRecord, "config" | "refreshMinutes">;
  readonly session: AwsSession;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly classify: ClassifyFailure;
  /** After this time no further page is asked for. Epoch milliseconds. */
  readonly lastPageAt: number;
}

/** What a run hands to the type. */
export interface CollectContext {
  readonly integration: Pick<IntegrationRecord, "id" | "service" | "config" | "additionalTags">;
  readonly session: AwsSession;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the run has no time left or the server stops. */
  readonly signal: AbortSignal;
  readonly classify: ClassifyFailure;
  readonly checkpoints: Checkpoints;
  /** Stores the points durably; repeating it is harmless. Of two values of a point the one asked for later stays. */
  write(series: readonly CollectedSeries[], options: { askedAt: number }): Promise<void>;
  readonly progress: Progress;
  readonly units: Units;
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

export interface Checkpoint {
  /** Everything before this time is stored. Epoch milliseconds. */
  readonly storedTo: number;
  /** Times that the window after it came back incomplete. */
  readonly incompleteTries: number;
}

export interface Checkpoints {
  get(scope: string): Promise<Checkpoint | undefined>;
  /** Throws RunLostError when another worker has taken the run over. */
  set(scope: string, checkpoint: Checkpoint): Promise<void>;
}

/** The worker was thought dead and its run given away; it must stop and change nothing more. */
export class RunLostError extends Error {
  override readonly name = "RunLostError";
}

/** One series with its points, ascending; the run adds whose it is. */
export interface CollectedSeries {
  readonly series: Omit<MetricSeries, "integrationId">;
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
  latestPointAt: number | null;
  costUsd: number;
}

export interface CollectProblem {
  readonly region: string | null;
  readonly failure: AwsFailure;
}

export interface CollectResult {
  /** What went wrong, first things first. Empty: all of the window is stored. */
  readonly problems: readonly CollectProblem[];
  /** True when at least one region stored all it was asked for. */
  readonly someComplete: boolean;
  /** True when at least something was stored. */
  readonly someStored: boolean;
  /** True when older windows are left for the next run, which should not wait for its turn. */
  readonly behind: boolean;
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
