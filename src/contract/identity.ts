import { z } from "zod";
import { paged } from "./primitives.ts";

/** AWS's shape of IAM user names. */
export const userName = z.string().regex(/^[\w+=,.@-]{1,64}$/, "1 to 64 letters, digits and _+=,.@- .");

export const managedPolicyNames = ["AdministratorAccess", "Proxies", "ReadOnlyAccess"] as const;
export const managedPolicyName = z.enum(managedPolicyNames);
export type ManagedPolicyName = z.infer<typeof managedPolicyName>;

/**
 * Who calls us, and how they proved it. All ways to prove it end here, so that policies, audit and limits
 * know one kind of caller.
 */
export interface Principal {
  readonly kind: "root" | "user";
  /** `AIDA…` for a user, the account's id for root. */
  readonly id: string;
  readonly name: string;
  /** `arn:aws:iam::<account>:user/<path><name>` or `…:root`. */
  readonly arn: string;
  readonly accountId: string;
  /** Names, for display only: what they allow is looked up when it is asked. */
  readonly policies: readonly string[];
  /** `api-key` is a bearer key for sending logs; its id is that of the service-specific credential, as is a token's. */
  readonly proof: {
    readonly kind: "session" | "token" | "sigv4" | "api-key";
    readonly id: string;
    /** Set for temporary credentials: when they were handed out. */
    readonly issuedAtMs?: number;
  };
}

export const sessionInput = z.object({
  user: z.string().min(1).max(64),
  password: z.string().min(1).max(1024),
});

export const session = z.object({
  user: z.string(),
  arn: z.string(),
  accountId: z.string(),
  policies: z.array(z.string()),
  /** Names of operations this caller may perform, for showing and hiding controls. */
  allowedOperations: z.array(z.string()),
  /** To be sent as `X-CSRF-Token` with every change made under a session cookie; absent for tokens. */
  csrfToken: z.string().optional(),
  expiresAt: z.iso.datetime().optional(),
});
export type Session = z.infer<typeof session>;

export const passwordChange = z.object({
  currentPassword: z.string().min(1).max(1024),
  newPassword: z.string().min(12, "At least 12 characters.").max(1024),
});

export const tokenInput = z.object({
  name: z.string().trim().min(1).max(128),
  /** Days until it expires; null for never. */
  expiresInDays: z.number().int().min(1).max(36_600).nullable().default(90),
});

export const token = z.object({
  id: z.string(),
  name: z.string(),
  /** Last four characters, to tell tokens apart. */
  hint: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  status: z.enum(["active", "inactive", "expired"]),
});
export type Token = z.infer<typeof token>;

/** The answer to creation is the only place where the token's value is ever shown. */
export const createdToken = token.extend({ value: z.string() });
export const tokenList = z.object({ items: z.array(token) });

/** The name or the ARN of an AWS managed or a customer managed policy. */
export const policyReference = z.string().min(1).max(2048);

export const userInput = z.object({
  name: userName,
  /** Without one the user cannot sign in to the console, but hold keys. */
  password: z.string().min(12, "At least 12 characters.").max(1024).optional(),
  policies: z.array(policyReference).max(10, "At most 10 policies."),
});
export const userUpdate = z.object({
  password: z.string().min(12, "At least 12 characters.").max(1024).optional(),
  policies: z.array(policyReference).max(10, "At most 10 policies.").optional(),
});
export const user = z.object({
  name: z.string(),
  arn: z.string(),
  /** Names of the attached policies. */
  policies: z.array(z.string()),
  /** Names of policies that are part of this user alone. */
  inlinePolicies: z.array(z.string()),
  /** Whether the user can sign in to the console. */
  hasPassword: z.boolean(),
  createdAt: z.iso.datetime(),
  lastSignInAt: z.iso.datetime().nullable(),
});
export type User = z.infer<typeof user>;
export const userPage = paged(user);

export const policy = z.object({
  name: z.string(),
  arn: z.string(),
  /** `aws` for those that are part of the server, `customer` for those made here. */
  origin: z.enum(["aws", "customer"]),
  description: z.string(),
  document: z.unknown(),
});
export type Policy = z.infer<typeof policy>;
export const policyList = z.object({ items: z.array(policy) });
