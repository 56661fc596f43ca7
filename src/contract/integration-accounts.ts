import { z } from "zod";
import { paged, pageQuery } from "./primitives.ts";

/** The AWS accounts that an integration pulls, and how each of them is doing. */

/**
 * `new`: not pulled yet. `failing`: the last run met trouble in it. `denied`: its role could not be used. `suspended`: AWS
 * Organizations says so, and it is not pulled.
 */
export const accountStates = ["ok", "failing", "denied", "suspended", "new"] as const;
export const accountState = z.enum(accountStates);
export type AccountState = z.infer<typeof accountState>;

export const integrationAccount = z.object({
  accountId: z.string(),
  name: z.string().nullable(),
  /** Null when the credential itself belongs to the account. */
  roleArn: z.string().nullable(),
  /** How it came to be pulled: the integration's own, one of its `accounts`, or found in its `organization`. */
  origin: z.enum(["own", "listed", "organization"]),
  state: accountState,
  /** What the last run that met trouble said; null when the last run was good. */
  lastError: z.string().nullable(),
  lastErrorAt: z.iso.datetime().nullable(),
  lastRunAt: z.iso.datetime().nullable(),
  /** Newest stored point. */
  lastDataAt: z.iso.datetime().nullable(),
  /** Different metrics that had points in the last run that stored any; null before that. */
  metrics: z.number().int().nullable(),
});
export type IntegrationAccount = z.infer<typeof integrationAccount>;
export const integrationAccountPage = paged(integrationAccount);

/** In the order of account ids. */
export const integrationAccountQuery = pageQuery.extend({ state: accountState.optional() });
export type IntegrationAccountQuery = z.infer<typeof integrationAccountQuery>;
