/**
 * Who calls us and what they may do: users, console sessions, bearer tokens, access keys and temporary ones, policies, the
 * APIs of IAM and STS on them, and the settings an administrator changes at run time. It never knows HTTP, and it never
 * stores or returns a password or a token in clear (a new one is in the answer to its creation, nowhere else). Invariants:
 * what is revoked is refused by this process at once and by every other within a second, a bad key costs no query, and there
 * is always an administrator.
 */
export type { SecretRef, SecretStore } from "./access-keys.ts";
export type { ApiKeys } from "./api-keys.ts";
export { iamErrorCodeOf } from "./as-app-error.ts";
export type { Bearer, BearerOutcome } from "./bearer.ts";
export type { BootstrapInput, FirstRun } from "./bootstrap.ts";
export { writeFirstRunFile } from "./first-run-file.ts";
export { createIdentity, type Identity, type IdentityDeps } from "./identity.ts";
export type { CompiledPolicy } from "./policy/compile.ts";
export { type Decision, mayEverAllow } from "./policy/decide.ts";
export { type ManagedPolicy, managedPolicies } from "./policy/managed-policies.ts";
export { type AccessFacts, allowedOperations, requireAccess } from "./policy/require-access.ts";
export { createServerSettings } from "./server-settings.ts";
export type { ResolvedSession, Sessions } from "./sessions.ts";
export type { Settings, StoredSettings } from "./settings.ts";
export type { Signatures } from "./signatures.ts";
export type { Tokens } from "./tokens.ts";
export type { Users } from "./users.ts";
