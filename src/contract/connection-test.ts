import { z } from "zod";

/** AWS names the same cause differently in each service; these are ours, few enough to learn. */
export const failureCauses = [
  "BAD_KEY",
  "BAD_SECRET",
  "EXPIRED",
  "CLOCK",
  "DENIED_ACTION",
  "DENIED_ASSUME",
  "REGION_OFF",
  "NOT_SUBSCRIBED",
  "THROTTLED",
  "NETWORK",
  "TLS",
  "PROXY",
  "LOCAL_CONFIG",
  "UNKNOWN",
] as const;
export const failureCause = z.enum(failureCauses);
export type FailureCause = z.infer<typeof failureCause>;

/** Services with a probe. `ce` costs money per call and is only tried when asked for. */
export const probeServices = [
  "monitoring",
  "logs",
  "ec2",
  "tagging",
  "s3",
  "cloudtrail",
  "iam",
  "ce",
] as const;
export const probeService = z.enum(probeServices);
export type ProbeService = z.infer<typeof probeService>;

export const connectionTestInput = z.strictObject({
  services: z.array(probeService).default(["monitoring"]),
  /** Also try each role without and with a wrong external ID; AWS must refuse both. */
  checkExternalId: z.boolean().default(true),
});
export type ConnectionTestInput = z.infer<typeof connectionTestInput>;

export const connectionTestStep = z.object({
  /** `validate`, `base-credentials`, `base-identity`, `role-<n>`, `effective-identity`, `probe-<service>`, `external-id-<n>`. */
  id: z.string(),
  title: z.string(),
  outcome: z.enum(["ok", "warning", "failed", "skipped"]),
  service: z.string().nullable(),
  region: z.string().nullable(),
  /** Host that was asked, without path. */
  endpointHost: z.string().nullable(),
  message: z.string(),
  cause: failureCause.nullable(),
  /** AWS's own code, as received. */
  rawCode: z.string().nullable(),
  httpStatus: z.number().int().nullable(),
  requestId: z.string().nullable(),
  advice: z.array(z.string()),
  tookMs: z.number(),
});
export type ConnectionTestStep = z.infer<typeof connectionTestStep>;

export const connectionTestResult = z.object({
  overall: z.enum(["ok", "partial", "failed"]),
  testedAt: z.iso.datetime(),
  tookMs: z.number(),
  identity: z.object({ accountId: z.string(), arn: z.string(), userId: z.string() }).nullable(),
  /** AWS's clock minus ours, in milliseconds; null when nothing answered. */
  clockOffsetMs: z.number().nullable(),
  steps: z.array(connectionTestStep),
});
export type ConnectionTestResult = z.infer<typeof connectionTestResult>;

export const connectionTestTrigger = z.enum(["manual", "schedule"]);
export type ConnectionTestTrigger = z.infer<typeof connectionTestTrigger>;

/** What is kept of an earlier test of a credential. */
export const connectionTestRecord = z.object({
  overall: z.enum(["ok", "partial", "failed"]),
  trigger: connectionTestTrigger,
  testedAt: z.iso.datetime(),
  tookMs: z.number(),
  /** The first step that failed. */
  failedStep: connectionTestStep
    .pick({ id: true, title: true, cause: true, rawCode: true, message: true })
    .nullable(),
});
export type ConnectionTestRecord = z.infer<typeof connectionTestRecord>;

/** Newest first; the server keeps the last 20. */
export const connectionTestHistory = z.object({ items: z.array(connectionTestRecord) });
export type ConnectionTestHistory = z.infer<typeof connectionTestHistory>;
