import { Alert, Anchor, Badge, Card, Group, List, Stack, Text, Title } from "@mantine/core";
import type { CloudIntegration, IntegrationSummary } from "@nephoscope/contract";
import { IconAlertTriangle, IconPlayerPause } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { CopyableCode } from "../../ui/copy.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount, formatDollars, formatSeconds } from "../../ui/format.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { QualityGlance } from "./quality-glance.tsx";
import { RunStateBadge } from "./run-state-badge.tsx";

interface IntegrationOverviewProps {
  integration: IntegrationSummary;
  /** The settings; undefined while they load and for what is in the trash. */
  configuration: CloudIntegration | undefined;
}

/** How an integration is doing, in figures, and how it is set. */
export function IntegrationOverview({ integration, configuration }: IntegrationOverviewProps) {
  return (
    <Stack gap="md">
      <QualityGlance
        integrationId={integration.id}
        capUsd={configuration?.cloudWatch?.monthlyCapUsd ?? null}
      />
      <Card withBorder>
        <SummaryFacts integration={integration} />
      </Card>
      {configuration !== undefined && <Configuration integration={configuration} />}
    </Stack>
  );
}

/** Why it does not collect, and what to do. */
export function Trouble({ integration }: { integration: IntegrationSummary }) {
  if (integration.state === "paused") {
    return (
      <Alert
        color="yellow"
        variant="light"
        icon={<IconPlayerPause size={18} />}
        title="Paused: the monthly cap is reached"
      >
        {integration.stateReason} What is not collected meanwhile is owed, and read once collection goes on.
      </Alert>
    );
  }
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
      <Fact label="Last run">
        {integration.lastRun === null ? (
          "none yet"
        ) : (
          <Group gap={8}>
            <RunStateBadge run={integration.lastRun} />
            <RelativeTime at={integration.lastRun.startedAt} />
          </Group>
        )}
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
        <Fact label="Monthly cap">
          {configuration.monthlyCapUsd === undefined ? "none" : formatDollars(configuration.monthlyCapUsd)}
        </Fact>
        {tags.length > 0 && (
          <Fact label="Tags">{tags.map(([key, value]) => `${key}=${value}`).join(", ")}</Fact>
        )}
      </Facts>
    </Card>
  );
}
