/**
 * Secrets and credentials: sealing, key rotation, external IDs, credential records, connection tests and help
 * with setting up roles. It never gives a secret back to a client, never logs one and never speaks HTTP.
 * Invariant: what is stored opens only with the master key, only in its own record, field and version.
 */
export {
  type Credentials,
  type CredentialsDependencies,
  type CredentialsPolicy,
  createCredentials,
  type ExtraHop,
} from "./credentials/credentials.ts";
export type { ResolveReference } from "./credentials/import.ts";
export { createExternalIds, type ExternalId, type ExternalIds, type ExternalIdUser } from "./external-ids.ts";
export { generateMasterKey } from "./sealing/key-ring.ts";
export { discardMasterKeyFile, loadMasterKeys, type MasterKeys } from "./sealing/master-key-file.ts";
export { createVault, type SecretReference, type Vault } from "./sealing/vault.ts";
