import {
  Alert,
  Anchor,
  Badge,
  Button,
  Card,
  Group,
  List,
  Menu,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import type { CloudIntegration, IntegrationSummary } from "@nephoscope/contract";
import {
  IconAlertTriangle,
  IconChartLine,
  IconChevronDown,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../../api/client.ts";
import { integrationConfigurationQuery, integrationQuery } from "../../api/integrations.ts";
import { useCan } from "../../api/session.ts";
import { CopyableCode } from "../../ui/copy.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount, formatSeconds } from "../../ui/format.ts";
import { IntegrationStateBadge } from "../../ui/integration-state-badge.tsx";
import { Page } from "../../ui/page.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { DeleteIntegration, type Removal } from "./delete-integration.tsx";
import { IntegrationFormDrawer } from "./integration-form-drawer.tsx";
import { RunsTable } from "./runs-table.tsx";
import { useIntegrationAction } from "./use-integration-action.ts";

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
        <Actions
          integration={integration}
          canEdit={configuration.data !== undefined}
          onEdit={() => setEditing(true)}
          onDelete={startRemoval}
        />
      }
    >
      <Stack gap="md">
        <Trouble integration={integration} />
        <Card withBorder>
          <SummaryFacts integration={integration} />
        </Card>
        {configuration.isError && (
          <ErrorPanel
            error={configuration.error}
            title="The configuration cannot be shown"
            onRetry={() => void configuration.refetch()}
          />
        )}
        {configuration.data !== undefined && <Configuration integration={configuration.data} />}
        <RunsTable integrationId={integration.id} />
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

interface ActionsProps {
  integration: IntegrationSummary;
  canEdit: boolean;
  onEdit: () => void;
  onDelete: () => void;
}

function Actions({ integration, canEdit, onEdit, onDelete }: ActionsProps) {
  const can = useCan();
  const action = useIntegrationAction(integration);
  const inTrash = integration.state === "trash";
  const disabled = integration.state === "disabled" || integration.state === "disabled-by-error";
  if (inTrash) {
    return (
      <>
        <Button
          loading={action.isPending}
          disabled={!can("integrations:Undelete")}
          onClick={() => action.mutate("undelete")}
        >
          Restore
        </Button>
        <Button variant="default" c="red" disabled={!can("integrations:Delete")} onClick={onDelete}>
          Delete forever
        </Button>
      </>
    );
  }
  return (
    <>
      {disabled ? (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={action.isPending}
          disabled={!can("integrations:Enable")}
          onClick={() => action.mutate("enable")}
        >
          Enable
        </Button>
      ) : (
        <Button
          leftSection={<IconRefresh size={16} />}
          loading={action.isPending && action.variables === "run"}
          disabled={!can("integrations:Run") || integration.lastRun?.state === "running"}
          onClick={() => action.mutate("run")}
        >
          Run now
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconPencil size={16} />}
        disabled={!can("integrations:Update") || !canEdit}
        onClick={onEdit}
      >
        Edit
      </Button>
      <Menu>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {!disabled && (
            <Menu.Item
              leftSection={<IconPlayerPause size={15} />}
              disabled={!can("integrations:Disable")}
              onClick={() => action.mutate("disable")}
            >
              Disable
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconChartLine size={15} />}
            renderRoot={(root) => <Link to="/explore" {...root} />}
          >
            Explore metrics
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={15} />}
            disabled={!can("integrations:Delete")}
            onClick={onDelete}
          >
            Move to the trash
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** Why it does not collect, and what to do. */
function Trouble({ integration }: { integration: IntegrationSummary }) {
  if (integration.state !== "failing" && integration.state !== "disabled-by-error") return null;
  const error = integration.lastRun?.error;
  const region = error?.region ?? null;
  return (
    <Alert
      color={integration.state === "failing" ? "yellow" : "red"}
      variant="light"
      icon={<IconAlertTriangle size={18} />}
      title={integration.stateReason}
    >
      {error && (
        <Stack gap={4}>
          {error.message !== integration.stateReason && <Text size="sm">{error.message}</Text>}
          <Group gap={6}>
            <Badge size="sm" color="red">
              {error.cause}
            </Badge>
            {error.code !== null && <Text size="xs">{error.code}</Text>}
            {region !== null && <Text size="xs">{region}</Text>}
          </Group>
          {error.advice.length > 0 && (
            <List size="sm">
              {error.advice.map((advice) => (
                <List.Item key={advice}>{advice}</List.Item>
              ))}
            </List>
          )}
        </Stack>
      )}
    </Alert>
  );
}

function SummaryFacts({ integration }: { integration: IntegrationSummary }) {
  return (
    <Facts minWidth={240}>
      <Fact label="Last data">
        <RelativeTime at={integration.lastDataAt} />
      </Fact>
      <Fact label="Metrics in the last run">
        {integration.lastMetricCount === null ? "–" : formatCount(integration.lastMetricCount)}
      </Fact>
      <Fact label="Next run">
        <RelativeTime at={integration.nextRunAt} fallback="not scheduled" />
      </Fact>
      <Fact label="Interval">{formatSeconds(integration.refreshMinutes * 60)}</Fact>
      <Fact label="Credential">
        {integration.credentialId === null ? (
          "Base credential"
        ) : (
          <Anchor
            size="sm"
            renderRoot={(root) => (
              <Link to="/credentials" search={{ id: integration.credentialId ?? undefined }} {...root} />
            )}
          >
            {integration.credentialName ?? integration.credentialId}
          </Anchor>
        )}
      </Fact>
      <Fact label="Regions">{integration.regions.join(", ") || "the credential's region"}</Fact>
      <Fact label="Added">
        <RelativeTime at={integration.createdAt} />
      </Fact>
      <Fact label="ID">
        <CopyableCode value={integration.id} what="integration ID" />
      </Fact>
    </Facts>
  );
}

function Configuration({ integration }: { integration: CloudIntegration }) {
  const configuration = integration.cloudWatch;
  if (configuration === undefined) return null;
  const tags = Object.entries(integration.additionalTags);
  return (
    <Card withBorder component="section" aria-label="Configuration">
      <Title order={2} size="h6" mb="sm">
        Configuration
      </Title>
      <Facts minWidth={240}>
        <Fact label="Namespaces">{configuration.namespaces.join(", ") || "all"}</Fact>
        <Fact label="Statistics">
          {configuration.statistics?.join(", ") || "Average, Maximum, Minimum, SampleCount, Sum"}
        </Fact>
        <Fact label="Resolution">{formatSeconds(configuration.periodSeconds ?? 60)}</Fact>
        {configuration.metricFilterRegex !== "" && (
          <Fact label="Metric filter">
            <CopyableCode value={configuration.metricFilterRegex} what="metric filter" />
          </Fact>
        )}
        {configuration.pointTagFilterRegex !== "" && (
          <Fact label="Point tag filter">
            <CopyableCode value={configuration.pointTagFilterRegex} what="point tag filter" />
          </Fact>
        )}
        {configuration.baseCredentials.roleArn !== "" && (
          <>
            <Fact label="Role">
              <CopyableCode value={configuration.baseCredentials.roleArn} what="role ARN" />
            </Fact>
            {configuration.baseCredentials.externalId !== "" && (
              <Fact label="External ID">
                <CopyableCode value={configuration.baseCredentials.externalId} what="external ID" />
              </Fact>
            )}
          </>
        )}
        {tags.length > 0 && (
          <Fact label="Tags">{tags.map(([key, value]) => `${key}=${value}`).join(", ")}</Fact>
        )}
      </Facts>
    </Card>
  );
}
