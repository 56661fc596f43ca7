/**
 * The listeners: console (web UI, REST API, documentation, metrics) and endpoint. The only area that knows HTTP. It
 * never holds a rule of the domain, and hands secrets on without keeping or logging them. Invariants: every route
 * belongs to a declared operation that a policy must allow; every answer carries security headers and a request id;
 * an error says what the table says and nothing internal.
 */
export { type ConsoleDeps, createConsoleListener } from "./console-listener.ts";
export { createEndpointListener, type EndpointDeps } from "./endpoint-listener.ts";
export type { ListenAddress, Listener } from "./listener.ts";
export { describeApi, listRoutes } from "./manual.ts";
export { errorSamples } from "./protocols/error-samples.ts";
export { createServiceMetrics, type ServiceMetrics } from "./service-metrics.ts";
export type {
  CredentialService,
  ExternalIdService,
  IdentityServices,
  IntegrationService,
  KeyService,
  LogService,
  MetricsService,
  RunService,
  Services,
  SettingsService,
  Store,
} from "./services.ts";
