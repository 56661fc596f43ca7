import type { WireEvent } from "../contract/index.ts";
import type { IntegrationRecord } from "./records.ts";

type Subject = Pick<IntegrationRecord, "id" | "name" | "service" | "lastErrorEvent">;

/**
 * The event that tells of refused credentials. One that is still going on keeps its start, so that "since when" stays true
 * over any number of failing runs.
 */
export function beginErrorEvent(integration: Subject, message: string, now: number): WireEvent {
  const going =
    integration.lastErrorEvent?.runningState === "ONGOING" ? integration.lastErrorEvent : undefined;
  const startTime = going?.startTime ?? now;
  const name = `Credentials Error: ${integration.name}`;
  return {
    name,
    annotations: {
      severity: "warn",
      type: "credentials-error",
      service: integration.service,
      credentialsId: integration.id,
      errorMessage: `Credentials for ${integration.service.toLowerCase()} were not accepted: ${message}`,
    },
    startTime,
    id: `${startTime}:Credentials Error: ${integration.name}:0`,
    creatorId: "System Event",
    updaterId: "System Event",
    creatorType: ["SYSTEM"],
    runningState: "ONGOING",
    canDelete: false,
    canClose: false,
    isUserEvent: false,
    isEphemeral: false,
    hosts: [],
    tags: [],
    createdAt: startTime,
    updatedAt: now,
    createdEpochMillis: startTime,
    updatedEpochMillis: now,
  };
}

/** The event after a good run; one that is over already, or none, stays as it is. */
export function endErrorEvent(event: WireEvent | null, now: number): WireEvent | null {
  if (event?.runningState !== "ONGOING") return event;
  return { ...event, runningState: "ENDED", endTime: now, updatedAt: now, updatedEpochMillis: now };
}
