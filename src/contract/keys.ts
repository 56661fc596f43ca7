import { z } from "zod";
import { userName } from "./identity.ts";
import { paged, pageQuery } from "./primitives.ts";

/** API keys for sending logs: service-specific credentials of `logs.amazonaws.com`. AWS lets a user have two. */

export const keyAgeDaysMax = 36_600;

export const apiKey = z.object({
  /** `ACCA` and 17 letters and digits. */
  id: z.string(),
  userName: z.string(),
  /** The readable part of the key's value, as `alice-at-000000000000`. */
  alias: z.string(),
  status: z.enum(["Active", "Inactive", "Expired"]),
  createdAt: z.iso.datetime(),
  /** Null: never. */
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type ApiKey = z.infer<typeof apiKey>;
export const apiKeyPage = paged(apiKey);

export const apiKeyListQuery = pageQuery.extend({ user: userName.optional() });
export type ApiKeyListQuery = z.output<typeof apiKeyListQuery>;

export const apiKeyInput = z.strictObject({
  userName,
  /**
   * Makes the user when there is none of this name, and attaches CloudWatchLogsAPIKeyAccess, as the AWS console does. Needs
   * iam:CreateUser and iam:AttachUserPolicy besides.
   */
  createUser: z.boolean().default(true),
  /** Null: the key never expires. */
  ageDays: z.number().int().min(1, "At least one day.").max(keyAgeDaysMax, "At most 36,600 days.").nullable(),
});
export type ApiKeyInput = z.output<typeof apiKeyInput>;

export const apiKeyUpdate = z.strictObject({ status: z.enum(["Active", "Inactive"]) });
export type ApiKeyUpdate = z.output<typeof apiKeyUpdate>;

/** The answers to creation and to a reset are the only places where the key's value is ever shown. */
export const createdApiKey = apiKey.extend({ secret: z.string() });
export type CreatedApiKey = z.infer<typeof createdApiKey>;
