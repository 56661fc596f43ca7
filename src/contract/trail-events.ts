import { z } from "zod";
import { flagText, instantText } from "./primitives.ts";

/** Audit records as the console, the REST API and the CLI look them up. */

/** Management events are calls of APIs, data events uses of API keys. */
export const trailEventCategories = ["Management", "Data"] as const;

const attribute = z.string().min(1, "At least one character.").max(2_000, "At most 2,000 characters.");

/** Everything that is given has to hold. Values are compared as a whole. */
const trailEventFilter = {
  category: z.enum(trailEventCategories).optional(),
  eventId: attribute.optional(),
  eventName: attribute.optional(),
  eventSource: attribute.optional(),
  userName: attribute.optional(),
  accessKeyId: attribute.optional(),
  /** Of the API key or the REST token that was used. */
  credentialId: attribute.optional(),
  resourceType: attribute.optional(),
  /** An ARN, or what follows the kind of resource in it. */
  resourceName: attribute.optional(),
  sourceIp: attribute.optional(),
  errorCode: attribute.optional(),
  readOnly: flagText.optional(),
  /** Whether the call was refused or failed. */
  failed: flagText.optional(),
};

export const trailEventQuery = z.object({
  ...trailEventFilter,
  /** Inclusive; 24 hours before `to` when absent. */
  from: instantText.optional(),
  /** Exclusive; now when absent. */
  to: instantText.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  /** As the answer before gave it, for the same query. */
  cursor: z.string().max(512).optional(),
});
export type TrailEventQuery = z.output<typeof trailEventQuery>;

export const trailEvent = z.object({
  id: z.string(),
  timestamp: z.iso.datetime(),
  category: z.enum(trailEventCategories),
  /** As `logs.amazonaws.com`; `nephoscope.local` for what AWS has no name for. */
  source: z.string(),
  name: z.string(),
  /** `root` for the root user; null when nobody is named. */
  userName: z.string().nullable(),
  accessKeyId: z.string().nullable(),
  credentialId: z.string().nullable(),
  sourceIp: z.string(),
  userAgent: z.string(),
  readOnly: z.boolean(),
  /** Null when the call succeeded. */
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  resources: z.array(z.object({ type: z.string(), arn: z.string() })),
  /** The whole record in CloudTrail's format, version 1.11. */
  record: z.record(z.string(), z.unknown()),
});
export type TrailEvent = z.infer<typeof trailEvent>;

/** Newest first. */
export const trailEventPage = z.object({
  items: z.array(trailEvent),
  /** Null when there is nothing more. */
  nextCursor: z.string().nullable(),
});
export type TrailEventPage = z.infer<typeof trailEventPage>;
