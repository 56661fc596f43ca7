import { z } from "zod";

/**
 * The cloud-integration resource on the wire, compatible with the clients of VMware Tanzu Observability (Wavefront). Input is
 * lenient where those clients are: null means absent, read-only fields are ignored, unknown fields pass. Fields marked
 * "ours" are additions that those clients ignore.
 */
export const cloudServices = ["CLOUDWATCH"] as const;
export type CloudService = (typeof cloudServices)[number];

const optional = <T extends z.ZodType>(schema: T) => schema.nullish();
const stringMap = z.record(z.string().max(254), z.string().max(254));
/** Older clients send numbers as strings. */
const lenientInt = z
  .union([z.number(), z.string().regex(/^\d{1,6}$/)])
  .transform(Number)
  .pipe(z.number().int());
const regexText = z.string().max(2048, "At most 2,048 characters.");

export const baseCredentialsInput = z.looseObject({
  roleArn: optional(z.string().max(2048)),
  externalId: optional(z.string().max(1224)),
});

/** Ours: another account that is pulled, through a role in it. */
export const accountRoleInput = z.looseObject({
  roleArn: z.string().max(2048),
  /** What the role demands; absent takes the integration's. */
  externalId: optional(z.string().max(1224)),
  name: optional(z.string().max(128)),
});

/** Ours: the accounts of an AWS organization, each pulled through a role of the same name. */
export const organizationInput = z.looseObject({
  roleName: z.string().max(512),
  externalId: optional(z.string().max(1224)),
  /** Only these, when there are any. */
  includeAccounts: optional(z.array(z.string().max(12)).max(1000)),
  excludeAccounts: optional(z.array(z.string().max(12)).max(1000)),
  /** Ids of organizational units or of the root; only accounts in them and below. */
  organizationalUnits: optional(z.array(z.string().max(80)).max(50)),
  /** Who lists the accounts; absent: the integration's own role, or else its credential. */
  managementRoleArn: optional(z.string().max(2048)),
});

export const cloudWatchInput = z.looseObject({
  baseCredentials: optional(baseCredentialsInput),
  /** Empty or absent: all. */
  namespaces: optional(z.array(z.string().max(255)).max(500)),
  metricFilterRegex: optional(regexText),
  pointTagFilterRegex: optional(regexText),
  instanceSelectionTags: optional(stringMap),
  instanceSelectionTagsExpr: optional(z.string().max(4096)),
  volumeSelectionTags: optional(stringMap),
  volumeSelectionTagsExpr: optional(z.string().max(4096)),
  s3BucketNameFilterRegex: optional(regexText),
  /** Minutes over which the calls of one run are spread; a run never takes longer for it than the time to the next. */
  threadDistributionInMins: optional(lenientInt),
  /** Ours: tags of an instance that name the source of its metrics; absent tries hostname, host and name. */
  hostNameTags: optional(z.array(z.string().max(128)).max(20)),
  /** Ours: regions to pull; absent pulls the credential's region. */
  regions: optional(z.array(z.string().max(64)).max(100)),
  /** Ours: statistics to pull; absent pulls Average, Maximum, Minimum, SampleCount and Sum. */
  statistics: optional(z.array(z.string().max(32)).min(1).max(20)),
  /** Ours: seconds between points; a multiple of 60, default 60. */
  periodSeconds: optional(z.number().int()),
  /** Ours: US dollars that collection may cost in a month; when they are spent it pauses until the next one. */
  monthlyCapUsd: optional(z.number()),
  /** Ours: roles in further accounts, assumed by the credential. */
  accounts: optional(z.array(accountRoleInput).max(500)),
  organization: optional(organizationInput),
  /** Ours: also metrics of accounts that share theirs with the pulled one (CloudWatch cross-account observability). */
  includeLinkedAccounts: optional(z.boolean()),
  /** Ours: of the linked accounts only these. */
  owningAccounts: optional(z.array(z.string().max(12)).max(500)),
});

export const cloudIntegrationInput = z.looseObject({
  name: optional(z.string().max(4096)),
  service: optional(z.string().max(64)),
  cloudWatch: optional(cloudWatchInput),
  additionalTags: optional(stringMap),
  serviceRefreshRateInMins: optional(lenientInt),
  forceSave: optional(z.boolean()),
  reuseExternalIdCredential: optional(z.string().max(64)),
  /** Ours: one of our stored credentials, the identity that pulls or that assumes `baseCredentials.roleArn`. */
  credentialId: optional(z.string().max(64)),
  /** Ours: the `updatedEpochMillis` that was read before the change; the change is refused when it is another one by now. */
  ifUpdatedEpochMillis: optional(z.number().int()),
});
export type CloudIntegrationInput = z.infer<typeof cloudIntegrationInput>;

/** One role for all services of AWS, as the script for AWS Control Tower sends it for each new account. */
export const allServicesInput = z.looseObject({
  roleArn: z.string().min(1, "Needed.").max(2048),
  externalId: z.string().min(1, "Needed.").max(1224),
});
export type AllServicesInput = z.infer<typeof allServicesInput>;

export const wireEvent = z.object({
  name: z.string(),
  annotations: z.record(z.string(), z.string()),
  startTime: z.number().int(),
  endTime: z.number().int().optional(),
  id: z.string().optional(),
  table: z.string().optional(),
  creatorId: z.string().optional(),
  updaterId: z.string().optional(),
  creatorType: z.array(z.enum(["USER", "ALERT", "SYSTEM"])).optional(),
  runningState: z.enum(["ONGOING", "PENDING", "ENDED"]).optional(),
  canDelete: z.boolean().optional(),
  canClose: z.boolean().optional(),
  isUserEvent: z.boolean().optional(),
  isEphemeral: z.boolean().optional(),
  hosts: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  createdAt: z.number().int().optional(),
  updatedAt: z.number().int().optional(),
  createdEpochMillis: z.number().int().optional(),
  updatedEpochMillis: z.number().int().optional(),
});
export type WireEvent = z.infer<typeof wireEvent>;

export const cloudWatchConfiguration = z.object({
  /** Both always present and never null: clients insist. Empty text where there is none. */
  baseCredentials: z.object({ roleArn: z.string(), externalId: z.string() }),
  namespaces: z.array(z.string()),
  metricFilterRegex: z.string(),
  pointTagFilterRegex: z.string(),
  instanceSelectionTags: z.record(z.string(), z.string()),
  instanceSelectionTagsExpr: z.string().optional(),
  volumeSelectionTags: z.record(z.string(), z.string()),
  volumeSelectionTagsExpr: z.string().optional(),
  s3BucketNameFilterRegex: z.string().optional(),
  threadDistributionInMins: z.number().int().optional(),
  hostNameTags: z.array(z.string()).optional(),
  regions: z.array(z.string()).optional(),
  statistics: z.array(z.string()).optional(),
  periodSeconds: z.number().int().optional(),
  monthlyCapUsd: z.number().optional(),
  accounts: z
    .array(z.object({ roleArn: z.string(), externalId: z.string().optional(), name: z.string().optional() }))
    .optional(),
  organization: z
    .object({
      roleName: z.string(),
      externalId: z.string().optional(),
      includeAccounts: z.array(z.string()).optional(),
      excludeAccounts: z.array(z.string()).optional(),
      organizationalUnits: z.array(z.string()).optional(),
      managementRoleArn: z.string().optional(),
    })
    .optional(),
  includeLinkedAccounts: z.boolean().optional(),
  owningAccounts: z.array(z.string()).optional(),
});

export const cloudIntegration = z.object({
  id: z.string(),
  name: z.string(),
  service: z.enum(cloudServices),
  cloudWatch: cloudWatchConfiguration.optional(),
  additionalTags: z.record(z.string(), z.string()),
  serviceRefreshRateInMins: z.number().int(),
  forceSave: z.literal(false),
  reuseExternalIdCredential: z.string().optional(),
  credentialId: z.string().optional(),
  disabled: z.boolean(),
  inTrash: z.boolean(),
  deleted: z.boolean(),
  createdEpochMillis: z.number().int(),
  updatedEpochMillis: z.number().int(),
  creatorId: z.string(),
  updaterId: z.string(),
  lastReceivedDataPointMs: z.number().int().optional(),
  lastMetricCount: z.number().int().optional(),
  lastProcessingTimestamp: z.number().int().optional(),
  lastProcessorId: z.string().optional(),
  lastError: z.string().optional(),
  lastErrorMs: z.number().int().optional(),
  lastErrorEvent: wireEvent.optional(),
});
export type CloudIntegration = z.infer<typeof cloudIntegration>;

/** `items` are there after the call, made by it or by an earlier one; the others are named with the reason. */
export const allServicesResult = z.object({
  items: z.array(cloudIntegration),
  notCreated: z.array(z.object({ service: z.string(), reason: z.string() })),
});
export type AllServicesResult = z.infer<typeof allServicesResult>;

/** Every answer of `/api/v2` is wrapped so, errors included (without `response`). */
export function envelope<T extends z.ZodType>(response: T) {
  return z.object({ status: responseStatus, response });
}

export const responseStatus = z.object({
  result: z.enum(["OK", "ERROR"]),
  message: z.string(),
  code: z.number().int(),
});

export const pagedCloudIntegrations = z.object({
  items: z.array(cloudIntegration),
  offset: z.number().int(),
  limit: z.number().int(),
  totalItems: z.number().int(),
  moreItems: z.boolean(),
  sort: z.object({ field: z.string(), ascending: z.boolean(), default: z.boolean() }).optional(),
});

const rangeBound = z
  .union([z.number(), z.string().regex(/^-?\d{1,16}(\.\d{1,9})?$/, "A number.")])
  .transform(Number);

export const searchQuery = z.looseObject({
  key: z.string().max(255),
  value: optional(z.union([z.string(), z.number(), z.boolean()]).transform(String)),
  values: optional(z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String)).max(1000)),
  matchingMethod: optional(z.enum(["CONTAINS", "STARTSWITH", "EXACT", "TAGPATH"])),
  negated: optional(z.boolean()),
  /** Bounds of a number, both inclusive; either may be left out. They take the place of `value` and `values`. */
  start: optional(rangeBound),
  end: optional(rangeBound),
});

export const searchRequest = z.looseObject({
  query: optional(z.array(searchQuery).max(100)),
  limit: optional(lenientInt.pipe(z.number().min(1).max(1000))),
  offset: optional(lenientInt.pipe(z.number().min(0))),
  sort: optional(
    z.looseObject({
      field: z.string().max(255),
      ascending: optional(z.boolean()),
      default: optional(z.boolean()),
    }),
  ),
});
export type SearchRequest = z.infer<typeof searchRequest>;

export const facetSearchRequest = searchRequest.extend({
  facetQuery: optional(z.string().max(255)),
  facetQueryMatchingMethod: optional(z.enum(["CONTAINS", "STARTSWITH", "EXACT", "TAGPATH"])),
});
export const facetsSearchRequest = facetSearchRequest.extend({
  facets: z.array(z.string().max(255)).max(100),
});
export const facetsResponse = z.object({
  facets: z.record(z.string(), z.array(z.string())),
  limit: z.number().int(),
});
export const pagedStrings = z.object({
  items: z.array(z.string()),
  offset: z.number().int(),
  limit: z.number().int(),
  totalItems: z.number().int(),
  moreItems: z.boolean(),
});
