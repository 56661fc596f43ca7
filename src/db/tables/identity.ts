/** Tables owned by `identity`. Extended by its migrations. */
export interface IdentityTables {}
