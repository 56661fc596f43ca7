import type { TrailEventPage, TrailEventQuery } from "@nephoscope/contract";
import { request } from "./client.ts";

/** What records are looked up by. Times are epoch milliseconds, the end is exclusive. */
export type TrailQuestion = Pick<
  Partial<TrailEventQuery>,
  | "category"
  | "eventId"
  | "eventName"
  | "eventSource"
  | "userName"
  | "accessKeyId"
  | "credentialId"
  | "resourceType"
  | "resourceName"
  | "sourceIp"
  | "errorCode"
  | "readOnly"
  | "failed"
> & { from: number; to: number };

export const findTrailEvents = (
  question: TrailQuestion & { limit: number; cursor?: string | undefined },
  signal: AbortSignal,
) => request<TrailEventPage>("GET", "/api/v1/events", { query: { ...question }, signal });
