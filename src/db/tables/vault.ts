/** Tables owned by `vault`. Extended by its migrations. */
export interface VaultTables {}
