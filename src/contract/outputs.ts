import { z } from "zod";

/** Where the metrics of an integration go besides our own store. */

export const outputKinds = ["remote-write", "otlp"] as const;
export type OutputKind = (typeof outputKinds)[number];

/** How metrics and labels are called in the Prometheus formats. */
export const metricNaming = z.strictObject({
  /** `original`: `dimension_InstanceId`; `snake`: `dimension_instance_id`. */
  labels: z.enum(["original", "snake"]),
  /** Whether tags become labels `tag_…`. */
  tags: z.boolean(),
});
export type MetricNaming = z.infer<typeof metricNaming>;

const headerName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "Not the name of a header.");
/** Visible ASCII and blanks: what every HTTP implementation passes on unchanged. */
const headerValue = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, "Printable ASCII without blanks at the ends.");

const targetInput = z.strictObject({
  /** Whoever resolves a URL skips the line breaks in it, so people would not see where points go. */
  url: z
    .string()
    .max(2048)
    .regex(/^[\x21-\x7e]*$/, "Printable ASCII without blanks."),
  /** Value of the header `Authorization`, such as `Bearer …`. Write-only; null removes it, absent keeps it. */
  authorization: headerValue.nullable().optional(),
  /** More headers. Their values are write-only; null removes all, absent keeps them. */
  headers: z
    .record(headerName, headerValue)
    .refine((headers) => Object.keys(headers).length <= 20, "At most 20 headers.")
    .nullable()
    .optional(),
  /** Send a point again when AWS has changed its value. */
  sendChanges: z.boolean().optional(),
});
export type OutputTargetInput = z.infer<typeof targetInput>;

/** What is absent stays as it is; null removes. */
export const outputsInput = z.strictObject({
  openMetrics: z.boolean().optional(),
  naming: metricNaming.optional(),
  remoteWrite: targetInput.nullable().optional(),
  otlp: targetInput.nullable().optional(),
});
export type OutputsInput = z.infer<typeof outputsInput>;

/** Why points were not taken: `refused` by an answer about the whole request, `rejected` by one about some of its points. */
export const dropReasons = ["refused", "rejected"] as const;
export type DropReason = (typeof dropReasons)[number];

export const outputTarget = z.object({
  url: z.string(),
  hasAuthorization: z.boolean(),
  headerNames: z.array(z.string()),
  sendChanges: z.boolean(),
  /** `retrying`: the last attempt failed and nothing is lost; it is tried again at `retryAt`. */
  state: z.enum(["idle", "sending", "retrying"]),
  /** Points that were stored by runs that had ended by then are sent; null before the first run. */
  sentTo: z.iso.datetime().nullable(),
  /** Points that are stored and not sent yet. */
  pending: z.number().int(),
  sentPoints: z.number().int(),
  dropped: z.object({ refused: z.number().int(), rejected: z.number().int() }),
  lastSentAt: z.iso.datetime().nullable(),
  lastError: z.string().nullable(),
  lastErrorAt: z.iso.datetime().nullable(),
  retryAt: z.iso.datetime().nullable(),
});
export type OutputTarget = z.infer<typeof outputTarget>;

export const outputs = z.object({
  openMetrics: z.boolean(),
  naming: metricNaming,
  remoteWrite: outputTarget.nullable(),
  otlp: outputTarget.nullable(),
});
export type Outputs = z.infer<typeof outputs>;

const selectors = z.union([z.string().max(4096), z.array(z.string().max(4096)).max(20)]).optional();

export const scrapeQuery = z.object({
  /** `settled` leaves out points whose value may still change. */
  finality: z.enum(["all", "settled"]).default("settled"),
  /** `off` leaves the time of the points out: the scraper then takes its own. */
  timestamps: z.enum(["on", "off"]).default("on"),
  "match[]": selectors,
});
export type ScrapeQuery = z.infer<typeof scrapeQuery>;

export const metricExportQuery = z.object({
  integrationId: z.string().max(64),
  /** Start inclusive, end exclusive. */
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  finality: z.enum(["all", "settled"]).default("all"),
  "match[]": selectors,
});
export type MetricExportQuery = z.infer<typeof metricExportQuery>;
