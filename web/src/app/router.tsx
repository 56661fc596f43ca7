import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { auditSearchOf } from "../features/audit/search.ts";
import { qualitySearchOf } from "../features/collection/search.ts";
import { credentialsSearchOf } from "../features/credentials/search.ts";
import { integrationSearchOf, integrationsSearchOf } from "../features/integrations/search.ts";
import { wizardSearchOf } from "../features/integrations/wizard/search.ts";
import { keysSearchOf } from "../features/keys/search.ts";
import { logGroupSearchOf, logGroupsSearchOf, logsSearchOf } from "../features/logs/search.ts";
import { metricsSearchOf } from "../features/metrics/search.ts";
import { spendingSearchOf } from "../features/spending/search.ts";
import { Empty } from "../ui/empty.tsx";
import { ErrorPanel } from "../ui/error-panel.tsx";
import { Shell } from "./shell.tsx";

const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: PageError,
});

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  component: lazyRouteComponent(() => import("../features/overview/overview-page.tsx"), "OverviewPage"),
});

const credentialsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/credentials",
  validateSearch: credentialsSearchOf,
  component: lazyRouteComponent(
    () => import("../features/credentials/credentials-page.tsx"),
    "CredentialsPage",
  ),
});

const integrationsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/integrations",
  validateSearch: integrationsSearchOf,
  component: lazyRouteComponent(
    () => import("../features/integrations/integrations-page.tsx"),
    "IntegrationsPage",
  ),
});

const addIntegrationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/integrations/add",
  validateSearch: wizardSearchOf,
  component: lazyRouteComponent(
    () => import("../features/integrations/wizard/add-integration-page.tsx"),
    "AddIntegrationPage",
  ),
});

const integrationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/integrations/$id",
  validateSearch: integrationSearchOf,
  component: lazyRouteComponent(
    () => import("../features/integrations/integration-page.tsx"),
    "IntegrationPage",
  ),
});

const metricsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/explore",
  validateSearch: metricsSearchOf,
  component: lazyRouteComponent(() => import("../features/metrics/metrics-page.tsx"), "MetricsPage"),
});

const logsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/logs",
  validateSearch: logsSearchOf,
  component: lazyRouteComponent(() => import("../features/logs/explorer-page.tsx"), "LogExplorerPage"),
});

const logGroupsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/logs/groups",
  validateSearch: logGroupsSearchOf,
  component: lazyRouteComponent(() => import("../features/logs/groups-page.tsx"), "LogGroupsPage"),
});

const logGroupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/logs/group",
  validateSearch: logGroupSearchOf,
  component: lazyRouteComponent(() => import("../features/logs/group-page.tsx"), "LogGroupPage"),
});

const keysRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/logs/keys",
  validateSearch: keysSearchOf,
  component: lazyRouteComponent(() => import("../features/keys/keys-page.tsx"), "KeysPage"),
});

const qualityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/data-quality",
  validateSearch: qualitySearchOf,
  component: lazyRouteComponent(() => import("../features/collection/quality-page.tsx"), "QualityPage"),
});

const spendingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/spending",
  validateSearch: spendingSearchOf,
  component: lazyRouteComponent(() => import("../features/spending/spending-page.tsx"), "SpendingPage"),
});

const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit",
  validateSearch: auditSearchOf,
  component: lazyRouteComponent(() => import("../features/audit/audit-page.tsx"), "AuditPage"),
});

const tokensRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/tokens",
  component: lazyRouteComponent(() => import("../features/tokens/tokens-page.tsx"), "TokensPage"),
});

const usersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/users",
  component: lazyRouteComponent(() => import("../features/users/users-page.tsx"), "UsersPage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("../features/settings/settings-page.tsx"), "SettingsPage"),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    overviewRoute,
    credentialsRoute,
    integrationsRoute,
    addIntegrationRoute,
    integrationRoute,
    metricsRoute,
    logsRoute,
    logGroupsRoute,
    logGroupRoute,
    keysRoute,
    qualityRoute,
    spendingRoute,
    auditRoute,
    tokensRoute,
    usersRoute,
    settingsRoute,
  ]),
  defaultPreload: "intent",
  // What a page's reader of the address leaves out would be handed to the page all the same.
  search: { strict: true },
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

function NotFound() {
  return (
    <Empty
      icon={<IconMapOff size={22} />}
      title="There is no such page"
      action={<Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the overview</Button>}
    >
      The address may be mistyped, or the thing it named is gone.
    </Empty>
  );
}

function PageError({ error, reset }: ErrorComponentProps) {
  return <ErrorPanel title="This page failed" error={error} onRetry={reset} />;
}
