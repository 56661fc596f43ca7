import { Anchor, Group, Skeleton, Stack, Tabs } from "@mantine/core";
import type { CloudIntegration, IntegrationSummary } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { integrationConfigurationQuery, integrationQuery } from "../../api/integrations.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { IntegrationStateBadge } from "../../ui/integration-state-badge.tsx";
import { Page } from "../../ui/page.tsx";
import { AccountsTable } from "./accounts-table.tsx";
import { DeleteIntegration, type Removal } from "./delete-integration.tsx";
import { IntegrationActions } from "./integration-actions.tsx";
import { IntegrationCost } from "./integration-cost.tsx";
import { IntegrationFormDrawer } from "./integration-form-drawer.tsx";
import { IntegrationOutputs } from "./integration-outputs.tsx";
import { IntegrationOverview, Trouble } from "./integration-overview.tsx";
import classes from "./integration-page.module.css";
import { IntegrationQuality } from "./integration-quality.tsx";
import { RunsTable } from "./runs-table.tsx";
import { type IntegrationTab, integrationSearchOf, integrationTabs } from "./search.ts";

const routeApi = getRouteApi("/integrations/$id");

export function IntegrationPage() {
  const { id } = routeApi.useParams();
  const summary = useQuery(integrationQuery(id));
  if (summary.isPending) {
    return (
      <Page title="Integration">
        <Stack gap="md" aria-label="Loading">
          <Skeleton h={120} />
          <Skeleton h={260} />
        </Stack>
      </Page>
    );
  }
  if (summary.isError) {
    return (
      <Page title="Integration">
        <ErrorPanel
          error={summary.error}
          title={
            summary.error instanceof ApiError && summary.error.status === 404
              ? "There is no such integration"
              : "The integration cannot be shown"
          }
          onRetry={() => void summary.refetch()}
        />
        <Anchor
          size="sm"
          mt="sm"
          display="inline-block"
          renderRoot={(root) => <Link to="/integrations" {...root} />}
        >
          All integrations
        </Anchor>
      </Page>
    );
  }
  return <IntegrationDetails integration={summary.data} />;
}

function IntegrationDetails({ integration }: { integration: IntegrationSummary }) {
  const navigate = routeApi.useNavigate();
  const inTrash = integration.state === "trash";
  const configuration = useQuery({ ...integrationConfigurationQuery(integration.id), enabled: !inTrash });
  const [editing, setEditing] = useState(false);
  const [removal, setRemoval] = useState<Removal | null>(null);
  const startRemoval = () => setRemoval({ id: integration.id, name: integration.name, forever: inTrash });
  return (
    <Page
      title={integration.name}
      heading={
        <Group gap="sm">
          <span style={{ overflowWrap: "anywhere" }}>{integration.name}</span>
          <IntegrationStateBadge integration={integration} />
        </Group>
      }
      description={
        <>
          <Anchor inherit renderRoot={(root) => <Link to="/integrations" {...root} />}>
            Integrations
          </Anchor>
          {" / "}
          {integration.service}
        </>
      }
      actions={
        <IntegrationActions
          integration={integration}
          canEdit={configuration.data !== undefined}
          onEdit={() => setEditing(true)}
          onDelete={startRemoval}
        />
      }
    >
      <Stack gap="md">
        <Trouble integration={integration} />
        {configuration.isError && (
          <ErrorPanel
            error={configuration.error}
            title="The configuration cannot be shown"
            onRetry={() => void configuration.refetch()}
          />
        )}
        <Sides integration={integration} configuration={configuration.data} />
      </Stack>
      {configuration.data !== undefined && (
        <IntegrationFormDrawer
          key={configuration.data.updatedEpochMillis}
          opened={editing}
          stored={configuration.data}
          onClose={() => setEditing(false)}
          onSaved={() => setEditing(false)}
        />
      )}
      <DeleteIntegration
        removal={removal}
        onClose={() => setRemoval(null)}
        onDeleted={() => void navigate({ to: "/integrations" })}
      />
    </Page>
  );
}

const sideTitles: Record<IntegrationTab, string> = {
  overview: "Overview",
  runs: "Runs",
  accounts: "Accounts",
  quality: "Data quality",
  cost: "Cost",
  outputs: "Outputs",
};

interface SidesProps {
  integration: IntegrationSummary;
  configuration: CloudIntegration | undefined;
}

/** The sides of an integration as tabs; the address says which one is shown. */
function Sides({ integration, configuration }: SidesProps) {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const change = (next: Record<string, unknown>) =>
    void navigate({ search: (old) => integrationSearchOf({ ...old, ...next }), replace: true });
  const panels: Record<IntegrationTab, () => ReactNode> = {
    overview: () => <IntegrationOverview integration={integration} configuration={configuration} />,
    runs: () => <RunsTable integrationId={integration.id} />,
    accounts: () => <AccountsTable integrationId={integration.id} />,
    quality: () => <IntegrationQuality integrationId={integration.id} search={search} onChange={change} />,
    cost: () => <IntegrationCost integrationId={integration.id} configuration={configuration} />,
    outputs: () => <IntegrationOutputs integrationId={integration.id} />,
  };
  return (
    <Tabs value={search.tab ?? "overview"} onChange={(tab) => change({ tab })} keepMounted={false}>
      <Tabs.List mb="md" className={classes.tabs}>
        {integrationTabs.map((tab) => (
          <Tabs.Tab key={tab} value={tab}>
            {sideTitles[tab]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {integrationTabs.map((tab) => (
        <Tabs.Panel key={tab} value={tab}>
          {panels[tab]()}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
