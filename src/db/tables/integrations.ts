/** Tables owned by `integrations`. Extended by its migrations. */
export interface IntegrationsTables {}
