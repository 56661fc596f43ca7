import type { Registry } from "prom-client";
import type { Route } from "../route.ts";
import type { Services } from "../services.ts";
import { auditRoutes } from "./audit.ts";
import { cloudIntegrationRoutes } from "./cloud-integrations.ts";
import { collectionRoutes } from "./collection.ts";
import { credentialRoutes } from "./credentials.ts";
import { integrationRoutes } from "./integrations.ts";
import { keyRoutes } from "./keys.ts";
import { logRoutes } from "./logs.ts";
import { metricRoutes } from "./metrics.ts";
import { outputRoutes } from "./outputs.ts";
import { serverRoutes } from "./server.ts";
import { sessionRoutes } from "./session.ts";
import { spendingRoutes } from "./spending.ts";
import { tokenRoutes } from "./tokens.ts";
import { userRoutes } from "./users.ts";

/** Every route of the console's API; the documentation lists the headings in this order. */
export function consoleRoutes(services: Services, registry: Registry): Route[] {
  return [
    ...cloudIntegrationRoutes(services),
    ...credentialRoutes(services),
    ...integrationRoutes(services),
    ...collectionRoutes(services),
    ...metricRoutes(services),
    ...outputRoutes(services),
    ...logRoutes(services),
    ...keyRoutes(services),
    ...auditRoutes(services),
    ...spendingRoutes(services),
    ...sessionRoutes(services),
    ...tokenRoutes(services),
    ...userRoutes(services),
    ...serverRoutes(services, registry),
  ];
}
