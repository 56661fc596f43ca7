import { z } from "zod";
import { flagText, instantText, paged, pageQuery, tags } from "./primitives.ts";

/** Log groups, their streams and their events, as the console and the CLI see them. */

/** AWS's alphabet; a name that starts with `aws/` is kept for AWS, one with `/aws/` is not. */
export const logGroupName = z
  .string()
  .min(1, "A name is needed.")
  .max(512, "At most 512 characters.")
  .regex(/^[.\-_/#A-Za-z0-9]+$/, "Letters, digits and . - _ / # only.")
  .refine((name) => !name.startsWith("aws/"), "Names that start with aws/ are kept for AWS.");

export const logStreamName = z
  .string()
  .min(1, "A name is needed.")
  .max(512, "At most 512 characters.")
  .regex(/^[^:*]+$/, "The characters : and * are not allowed.");

/** The days for which AWS lets events be kept. */
export const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;
const retention = z
  .number()
  .int()
  .refine((days) => (retentionDays as readonly number[]).includes(days), {
    message: `One of ${retentionDays.join(", ")}.`,
  });

export const logGroup = z.object({
  name: z.string(),
  /** Without the `:*` at the end. */
  arn: z.string(),
  createdAt: z.iso.datetime(),
  /** Null: events are kept for ever. */
  retentionDays: z.number().int().nullable(),
  /** Whether API keys may send to the group. */
  bearerTokenAuthenticationEnabled: z.boolean(),
  deletionProtectionEnabled: z.boolean(),
  /** Bytes of the messages, before they are compressed. */
  storedBytes: z.number().int(),
  tags: z.record(z.string(), z.string()),
  /** Time of the newest event; null when there is none. */
  lastEventAt: z.iso.datetime().nullable(),
});
export type LogGroup = z.infer<typeof logGroup>;
export const logGroupPage = paged(logGroup);

export const logGroupListQuery = pageQuery.extend({
  /** Part of the name, any case. */
  text: z.string().max(512).optional(),
  orderBy: z.enum(["name", "createdAt", "storedBytes", "lastEventAt"]).default("name"),
  descending: flagText.default(false),
});
export type LogGroupListQuery = z.output<typeof logGroupListQuery>;

/** Names of groups hold slashes, so they are parameters and no parts of paths. */
export const logGroupQuery = z.object({ name: logGroupName });

export const logGroupInput = z.strictObject({
  name: logGroupName,
  /** Needs logs:PutRetentionPolicy besides. */
  retentionDays: retention.nullable().optional(),
  bearerTokenAuthenticationEnabled: z.boolean().default(false),
  deletionProtectionEnabled: z.boolean().default(false),
  tags: tags.default({}),
});
export type LogGroupInput = z.output<typeof logGroupInput>;

export const logRetentionInput = z.strictObject({ retentionDays: retention });
export const logSwitchInput = z.strictObject({ enabled: z.boolean() });

export const logStream = z.object({
  name: z.string(),
  createdAt: z.iso.datetime(),
  firstEventAt: z.iso.datetime().nullable(),
  lastEventAt: z.iso.datetime().nullable(),
  /** When the last event came in, whatever time it bears. */
  lastIngestionAt: z.iso.datetime().nullable(),
});
export type LogStream = z.infer<typeof logStream>;
export const logStreamPage = paged(logStream);

export const logStreamListQuery = pageQuery.extend({
  group: logGroupName,
  prefix: z.string().max(512).optional(),
  orderBy: z.enum(["name", "lastEventTime"]).default("name"),
  descending: flagText.default(false),
});
export type LogStreamListQuery = z.output<typeof logStreamListQuery>;

export const logStreamQuery = z.object({ group: logGroupName, name: logStreamName });
export const logStreamInput = z.strictObject({ group: logGroupName, name: logStreamName });

/** What selects events. `stream` may be repeated; without it all streams count. */
const eventFilter = {
  group: logGroupName,
  stream: z
    .union([logStreamName, z.array(logStreamName).max(100)])
    .optional()
    .transform((names) => (names === undefined ? [] : [names].flat())),
  /** In CloudWatch's filter language. One that cannot be read is `filter_pattern_invalid`. */
  pattern: z.string().max(1024, "At most 1,024 characters.").default(""),
};

export const logEvent = z.object({
  /** Tells events apart, also between answers. */
  id: z.string(),
  timestamp: z.iso.datetime(),
  timestampMs: z.number().int(),
  ingestionTime: z.iso.datetime(),
  stream: z.string(),
  message: z.string(),
});
export type LogEvent = z.infer<typeof logEvent>;

export const logEventQuery = z.object({
  ...eventFilter,
  /** Inclusive. */
  from: instantText,
  /** Exclusive. */
  to: instantText,
  order: z.enum(["asc", "desc"]).default("desc"),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** As the answer before gave it, for the same query. */
  cursor: z.string().max(512).optional(),
});
export type LogEventQuery = z.output<typeof logEventQuery>;

export const logEventPage = z.object({
  items: z.array(logEvent),
  /** Null when there is nothing more. A page may be short, or empty, and still have a cursor. */
  nextCursor: z.string().nullable(),
});
export type LogEventPage = z.infer<typeof logEventPage>;

export const logHistogramQuery = z.object({
  ...eventFilter,
  from: instantText,
  to: instantText,
  /** How many at most; the server chooses a round width. */
  buckets: z.coerce.number().int().min(1).max(200).default(60),
});
export type LogHistogramQuery = z.output<typeof logHistogramQuery>;

export const logHistogram = z.object({
  stepMs: z.number().int(),
  /** In order of time, at multiples of the step; one without events may be absent. */
  buckets: z.array(z.object({ startMs: z.number().int(), count: z.number().int() })),
  total: z.number().int(),
});
export type LogHistogram = z.infer<typeof logHistogram>;

export const logTailQuery = z.object({
  ...eventFilter,
  limit: z.coerce.number().int().min(1).max(1000).default(500),
  cursor: z.string().max(512).optional(),
});
export type LogTailQuery = z.output<typeof logTailQuery>;

/**
 * Without a cursor: at most 50 of the newest events of the last five minutes. With one: what came in after it; as many
 * items as asked for mean that more are waiting. Both in the order in which they came in.
 */
export const logTail = z.object({ items: z.array(logEvent), cursor: z.string() });
export type LogTail = z.infer<typeof logTail>;

/** The header that names a request, so that it stores nothing when it is sent again. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "The Idempotency-Key has 1 to 255 visible ASCII characters.");

export const logEventsInput = z.strictObject({
  group: logGroupName,
  stream: logStreamName,
  /** Makes the group or the stream when it is missing; needs logs:CreateLogGroup and logs:CreateLogStream besides. */
  createMissing: z.boolean().default(false),
  events: z
    .array(
      z.strictObject({
        /** Epoch milliseconds; the server's time when absent. */
        timestampMs: z.number().int().min(0).optional(),
        message: z.string().min(1, "A message is needed."),
      }),
    )
    .min(1, "At least one event.")
    .max(10_000, "At most 10,000 events."),
});
export type LogEventsInput = z.output<typeof logEventsInput>;

export const logEventsResult = z.object({
  accepted: z.number().int(),
  /** By age: older than 14 days, more than two hours ahead, older than the group's retention. */
  rejected: z.object({ tooOld: z.number().int(), tooNew: z.number().int(), expired: z.number().int() }),
});
export type LogEventsResult = z.infer<typeof logEventsResult>;

export const logRejectionQuery = z.object({ group: logGroupName.optional() });

/** What senders got wrong, counted per group, key and reason. */
export const logRejection = z.object({
  group: z.string(),
  /** The API key that sent it; null for other callers. */
  keyId: z.string().nullable(),
  reason: z.string(),
  count: z.number().int(),
  lastAt: z.iso.datetime(),
  /** The beginning of the last one. */
  lastSample: z.string(),
});
export type LogRejection = z.infer<typeof logRejection>;
export const logRejectionList = z.object({ items: z.array(logRejection) });

/** Where senders reach the endpoint: a URL, or the port on whatever host the console is reached by. */
export const logEndpoint = z.object({
  url: z.string().nullable(),
  port: z.number().int(),
  tls: z.boolean(),
});
export type LogEndpoint = z.infer<typeof logEndpoint>;
