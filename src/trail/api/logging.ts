import type {
  GetTrailStatusCommandInput,
  GetTrailStatusCommandOutput,
  StartLoggingCommandInput,
  StopLoggingCommandInput,
} from "@aws-sdk/client-cloudtrail";
import type { Updateable } from "kysely";
import type { Tables } from "../../db/index.ts";
import { positionAt } from "../delivery/stretches.ts";
import { nameOfNameOrArn, trailNotFound } from "../names.ts";
import { wholeSecondsOf } from "../record.ts";
import { changeTrail, type TrailRecord } from "../trails-queries.ts";
import { type ApiDeps, type Operations, onTrail } from "./operation.ts";
import { getTrail } from "./trails.ts";

/** Pauses that are remembered while delivery lags behind; whoever switches more often loses the oldest. */
const pausesMax = 1_000;

/** Switching a trail on and off, and how it is. */
export function loggingOperations(deps: ApiDeps): Operations {
  const { db, origin, clock } = deps;
  const change = async (
    nameOrArn: string,
    toColumns: (trail: TrailRecord) => Updateable<Tables["trails"]> | undefined,
  ) => {
    const name = nameOfNameOrArn(nameOrArn, origin);
    if (!(await changeTrail(db.kysely, name, toColumns))) throw trailNotFound(nameOrArn, origin);
    return {};
  };
  return {
    StartLogging: onTrail<StartLoggingCommandInput, object>("StartLogging", origin, {
      readOnly: false,
      trail: ({ Name }) => Name,
      handle: ({ Name = "" }) => change(Name, (trail) => startColumns(trail, clock.now())),
    }),
    StopLogging: onTrail<StopLoggingCommandInput, object>("StopLogging", origin, {
      readOnly: false,
      trail: ({ Name }) => Name,
      handle: ({ Name = "" }) => change(Name, (trail) => stopColumns(trail, clock.now())),
    }),
    GetTrailStatus: onTrail<GetTrailStatusCommandInput, Omit<GetTrailStatusCommandOutput, "$metadata">>(
      "GetTrailStatus",
      origin,
      {
        readOnly: true,
        trail: ({ Name }) => Name,
        handle: async ({ Name = "" }) => statusOf(await getTrail(deps, Name)),
      },
    ),
  };
}

function startColumns(trail: TrailRecord, nowMs: number): Updateable<Tables["trails"]> | undefined {
  if (trail.isLogging) return undefined;
  const common = { is_logging: true, logging_started_at: new Date(nowMs) };
  if (!trail.position) return { ...common, position: JSON.stringify(positionAt(nowMs)) };
  const pauses = trail.pauses.map((pause) => ({ ...pause, toMs: pause.toMs ?? nowMs }));
  return { ...common, pauses: JSON.stringify(pauses) };
}

function stopColumns(trail: TrailRecord, nowMs: number): Updateable<Tables["trails"]> | undefined {
  if (!trail.isLogging) return undefined;
  const reached = Math.min(
    trail.position?.outcomes.recordedAtMs ?? nowMs,
    trail.position?.open.recordedAtMs ?? nowMs,
  );
  const ahead = trail.pauses.filter(({ toMs }) => toMs === null || toMs > reached);
  const pauses = [...ahead.slice(1 - pausesMax), { fromMs: nowMs, toMs: null }];
  return {
    is_logging: false,
    logging_stopped_at: new Date(nowMs),
    pauses: JSON.stringify(pauses),
  };
}

/** The four text members are what CloudTrail's first version had; tools still print them. */
function statusOf(trail: TrailRecord): Omit<GetTrailStatusCommandOutput, "$metadata"> {
  const { isLogging, startedAt, stoppedAt, attemptedAt, deliveredAt, deliveryError } = trail;
  return {
    IsLogging: isLogging,
    ...(deliveryError !== null && { LatestDeliveryError: deliveryError }),
    ...(deliveredAt && { LatestDeliveryTime: deliveredAt }),
    ...(startedAt && { StartLoggingTime: startedAt }),
    ...(stoppedAt && { StopLoggingTime: stoppedAt }),
    LatestDeliveryAttemptTime: secondsText(attemptedAt),
    LatestNotificationAttemptTime: "",
    LatestNotificationAttemptSucceeded: "",
    LatestDeliveryAttemptSucceeded: secondsText(deliveredAt),
    TimeLoggingStarted: secondsText(startedAt),
    TimeLoggingStopped: secondsText(stoppedAt),
  };
}

function secondsText(time: Date | null): string {
  return time ? wholeSecondsOf(time.getTime()) : "";
}
