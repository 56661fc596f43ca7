/**
 * Secrets and credentials: sealing, key rotation, external IDs, credential records, connection tests and help
 * with setting up roles. It never gives a secret back to a client, never logs one and never speaks HTTP.
 * Invariant: what is stored opens only with the master key, only in its own record, field and version.
 */
export { generateMasterKey } from "./sealing/key-ring.ts";
export { discardMasterKeyFile, loadMasterKeys, type MasterKeys } from "./sealing/master-key-file.ts";
export { createVault, type SecretReference, type Vault } from "./sealing/vault.ts";
