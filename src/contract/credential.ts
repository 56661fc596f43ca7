import { z } from "zod";
import { connectionTestInput, connectionTestResult } from "./connection-test.ts";
import { description, displayName, externalId, paged, region, roleArn, tags, uuid } from "./primitives.ts";

export const authenticationMethods = ["default", "profile", "keys", "instance", "web-identity"] as const;
export const authenticationMethod = z.enum(authenticationMethods);
export type AuthenticationMethod = z.infer<typeof authenticationMethod>;

/** Services a credential can be pointed at; `default` is every service but `sts`, which is only ever named. */
export const endpointServices = [
  "default",
  "monitoring",
  "logs",
  "ce",
  "ec2",
  "s3",
  "cloudtrail",
  "tagging",
  "iam",
  "organizations",
  "sts",
] as const;
export type EndpointService = (typeof endpointServices)[number];

const httpUrl = z
  .string()
  .max(2048)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return (
      url !== undefined &&
      (url.protocol === "https:" || url.protocol === "http:") &&
      url.username === "" &&
      url.password === "" &&
      url.search === "" &&
      url.hash === ""
    );
  }, "An http(s) URL without user, query and fragment.");

export const endpoints = z.partialRecord(z.enum(endpointServices), httpUrl);

export const roleHopInput = z.strictObject({
  roleArn,
  /**
   * `generated`: the server makes the ID and keeps it for the life of the hop (an ID it made before may be named in `externalId`).
   * `owner`: the role's owner gave it. `none`: the role's trust policy has no external ID.
   */
  externalIdSource: z.enum(["generated", "owner", "none"]).default("generated"),
  externalId: externalId.optional(),
  sessionName: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/, "2 to 64 letters, digits and _+=,.@- .")
    .optional(),
  /** Seconds; AWS allows at most 3,600 when the role is assumed from another role. */
  durationSeconds: z.number().int().min(900).max(43_200).default(3600),
  sourceIdentity: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/, "2 to 64 letters, digits and _+=,.@- .")
    .optional(),
  /** JSON policy that narrows the session. */
  sessionPolicy: z.string().max(2048).optional(),
  sessionTags: tags.optional(),
});
export type RoleHopInput = z.infer<typeof roleHopInput>;

export const proxyInput = z.strictObject({
  /** `environment` reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the server. */
  type: z.enum(["none", "environment", "url"]).default("none"),
  url: httpUrl.optional(),
  username: z.string().max(255).optional(),
  /** Write-only. Absent keeps the stored one, null clears it. */
  password: z.string().max(1024).nullable().optional(),
});

const noBlanks = (text: string) => !/\s/.test(text);

/** What a caller can set. Defaults are added for creation only: in an update an absent field stays as it is. */
const credentialFields = {
  name: displayName,
  description,
  method: authenticationMethod,
  region,
  /** SigV4 service name of the credential scope; `monitoring` for CloudWatch. */
  serviceName: z.string().regex(/^[a-z0-9-]{1,64}$/, "Lowercase letters, digits and dashes."),

  /** Method `keys`. */
  accessKeyId: z
    .string()
    .regex(/^\w{16,128}$/, "16 to 128 letters and digits, such as AKIAIOSFODNN7EXAMPLE.")
    .optional(),
  secretAccessKey: z
    .string()
    .min(1)
    .max(512)
    .refine(noBlanks, "Contains blanks; check what was pasted.")
    .optional(),
  /** Needed with temporary keys (ASIA…). Null clears it. */
  sessionToken: z
    .string()
    .min(1)
    .max(16_384)
    .refine(noBlanks, "Contains blanks; check what was pasted.")
    .nullable()
    .optional(),

  /** Method `profile`: name of a profile in the server's shared credentials file. */
  profile: z
    .string()
    .regex(/^[\w.@+=,-]{1,128}$/, "A profile name without blanks.")
    .optional(),

  /** Method `instance`: `ec2` asks the instance metadata service (IMDSv2), `container` the ECS or EKS endpoint. */
  instanceSource: z.enum(["ec2", "container"]).optional(),

  /** Method `web-identity`: role and token file; without them AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE of the server. Null clears. */
  webIdentityRoleArn: roleArn.nullable().optional(),
  webIdentityTokenFile: z.string().max(1024).nullable().optional(),

  roleChain: z.array(roleHopInput).max(5),
  endpoints: endpoints,
  useFipsEndpoint: z.boolean(),
  useDualstackEndpoint: z.boolean(),
  /** `with-x-amz-access-token` adds that header beside the standard one, to custom endpoints only. */
  sessionTokenHeader: z.enum(["standard", "with-x-amz-access-token"]),
  /** Speak the query protocol to CloudWatch, for emulators that do not know CBOR. */
  emulatorCompatible: z.boolean(),
  proxy: proxyInput,
  /** PEM certificates that are trusted in addition. */
  caBundle: z
    .string()
    .max(262_144)
    .refine((text) => text === "" || text.includes("-----BEGIN CERTIFICATE-----"), "PEM certificates."),
  tags: tags,
};

/** What a caller sends to create a credential. Secrets are write-only. */
export const credentialInput = z.strictObject({
  ...credentialFields,
  description: credentialFields.description.default(""),
  serviceName: credentialFields.serviceName.default("monitoring"),
  roleChain: credentialFields.roleChain.default([]),
  endpoints: credentialFields.endpoints.default({}),
  useFipsEndpoint: credentialFields.useFipsEndpoint.default(false),
  useDualstackEndpoint: credentialFields.useDualstackEndpoint.default(false),
  sessionTokenHeader: credentialFields.sessionTokenHeader.default("standard"),
  emulatorCompatible: credentialFields.emulatorCompatible.default(false),
  proxy: credentialFields.proxy.default({ type: "none" }),
  caBundle: credentialFields.caBundle.default(""),
  tags: credentialFields.tags.default({}),
});
export type CredentialInput = z.infer<typeof credentialInput>;

/** An update names the version it was made from; fields left out keep their value, secrets included. */
export const credentialUpdate = z
  .strictObject(credentialFields)
  .partial()
  .extend({ version: z.number().int().min(1) });
export type CredentialUpdate = z.infer<typeof credentialUpdate>;

/** Values that are tested without being stored; with an id, what is left out comes from that credential. */
export const unsavedCredential = z.union([credentialInput, credentialUpdate.extend({ id: uuid })]);
export type UnsavedCredential = z.infer<typeof unsavedCredential>;
export const unsavedCredentialTest = z.strictObject({
  credential: unsavedCredential,
  test: connectionTestInput.prefault({}),
});

export const credentialStatus = z.enum(["untested", "ok", "partial", "failed"]);
export type CredentialStatus = z.infer<typeof credentialStatus>;

export const callerIdentity = z.object({ accountId: z.string(), arn: z.string(), userId: z.string() });
export type CallerIdentity = z.infer<typeof callerIdentity>;

export const roleHop = z.object({
  roleArn: z.string(),
  externalIdSource: z.enum(["generated", "owner", "none"]),
  externalId: z.string().nullable(),
  sessionName: z.string(),
  durationSeconds: z.number().int(),
  sourceIdentity: z.string().nullable(),
  sessionPolicy: z.string().nullable(),
  sessionTags: z.record(z.string(), z.string()),
});

/** Something that deserves attention though it works: an old key, a root key, a role open to confused deputies. */
export const credentialWarning = z.object({
  code: z.enum([
    "key_old",
    "key_very_old",
    "root_identity",
    "external_id_not_enforced",
    "session_expires",
    "no_external_id",
    "duplicate_key",
  ]),
  message: z.string(),
  advice: z.string(),
});

export const credentialUser = z.object({ kind: z.literal("integration"), id: z.string(), name: z.string() });

/** A credential as the API shows it: secrets appear only as facts about them. */
export const credential = z.object({
  id: uuid,
  name: z.string(),
  description: z.string(),
  method: authenticationMethod,
  region: z.string(),
  serviceName: z.string(),
  accessKeyIdMasked: z.string().nullable(),
  hasSecretAccessKey: z.boolean(),
  hasSessionToken: z.boolean(),
  secretUpdatedAt: z.iso.datetime().nullable(),
  /** Same for credentials that hold the same key; tells nothing about it. */
  keyFingerprint: z.string().nullable(),
  profile: z.string().nullable(),
  instanceSource: z.enum(["ec2", "container"]).nullable(),
  webIdentityRoleArn: z.string().nullable(),
  webIdentityTokenFile: z.string().nullable(),
  roleChain: z.array(roleHop),
  endpoints: z.partialRecord(z.enum(endpointServices), z.string()),
  useFipsEndpoint: z.boolean(),
  useDualstackEndpoint: z.boolean(),
  sessionTokenHeader: z.enum(["standard", "with-x-amz-access-token"]),
  emulatorCompatible: z.boolean(),
  proxy: z.object({
    type: z.enum(["none", "environment", "url"]),
    url: z.string().nullable(),
    username: z.string().nullable(),
    hasPassword: z.boolean(),
  }),
  caBundle: z.string(),
  tags: z.record(z.string(), z.string()),
  status: credentialStatus,
  testedAt: z.iso.datetime().nullable(),
  identity: callerIdentity.nullable(),
  lastTest: connectionTestResult.nullable(),
  warnings: z.array(credentialWarning),
  usedBy: z.array(credentialUser),
  /** Imported from a file and not to be changed here. */
  readOnly: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
});
export type Credential = z.infer<typeof credential>;
export const credentialPage = paged(credential);

export const credentialListQuery = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** Part of the name or description, any case. */
  text: z.string().max(255).optional(),
  method: authenticationMethod.optional(),
  status: credentialStatus.optional(),
  sort: z.enum(["name", "createdAt", "updatedAt", "status"]).default("name"),
  order: z.enum(["asc", "desc"]).default("asc"),
});
export type CredentialListQuery = z.infer<typeof credentialListQuery>;

/** What this server offers, for building forms. */
export const credentialOptions = z.object({
  methods: z.array(
    z.object({ method: authenticationMethod, allowed: z.boolean(), title: z.string(), help: z.string() }),
  ),
  assumeRoleEnabled: z.boolean(),
  privateEndpointsAllowed: z.boolean(),
  regions: z.array(z.object({ id: z.string(), name: z.string(), partition: z.string(), optIn: z.boolean() })),
  /** Names found in the server's shared credentials file, when the method `profile` is allowed. */
  profiles: z.array(z.string()),
  features: z.array(
    z.object({ id: z.string(), title: z.string(), help: z.string(), actions: z.array(z.string()) }),
  ),
});
export type CredentialOptions = z.infer<typeof credentialOptions>;

/** A declaration of credentials in a file; secrets are references: `env:NAME` or `file:/path`. */
export const credentialImport = z.strictObject({
  credentials: z.array(credentialInput.extend({ readOnly: z.boolean().default(false) })).max(1000),
});
export const credentialImportResult = z.object({
  items: z.array(
    z.object({ name: z.string(), id: z.string(), action: z.enum(["created", "updated", "unchanged"]) }),
  ),
});
