import {
  Alert,
  Anchor,
  Card,
  Group,
  List,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  ThemeIcon,
  Title,
} from "@mantine/core";
import type { Overview } from "@nephoscope/contract";
import {
  IconAlertTriangle,
  IconChartLine,
  IconCircleCheck,
  IconCircleX,
  IconCloudDataConnection,
  IconKey,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { overviewQuery } from "../../api/server.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { formatCount, formatDollars } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { Freshness } from "./freshness.tsx";
import classes from "./overview.module.css";

export function OverviewPage() {
  const overview = useQuery(overviewQuery);
  return (
    <Page title="Overview" description="What is connected, what is broken, and how fresh the data is.">
      {overview.isPending && <OverviewSkeleton />}
      {overview.isError && (
        <ErrorPanel
          error={overview.error}
          title="The overview cannot be shown"
          onRetry={() => void overview.refetch()}
        />
      )}
      {overview.data !== undefined && <OverviewContent overview={overview.data} />}
    </Page>
  );
}

function OverviewContent({ overview }: { overview: Overview }) {
  const settledIn =
    overview.credentials.total > 0 && overview.integrations.total > 0 && overview.metrics.series > 0;
  return (
    <Stack gap="md">
      {!settledIn && <FirstSteps overview={overview} />}
      <Figures overview={overview} />
      <Problems overview={overview} quietWhenFine={!settledIn} />
      <Freshness />
    </Stack>
  );
}

function Figures({ overview }: { overview: Overview }) {
  const { credentials, integrations, metrics, runsLastDay } = overview;
  return (
    <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm">
      <Figure
        to="/credentials"
        icon={<IconKey size={18} />}
        title="Credentials"
        value={formatCount(credentials.total)}
      >
        {tally([
          [credentials.ok, "valid"],
          [credentials.partial, "partly valid"],
          [credentials.failed, "failing"],
          [credentials.untested, "not tested"],
        ])}
      </Figure>
      <Figure
        to="/integrations"
        icon={<IconCloudDataConnection size={18} />}
        title="Integrations"
        value={formatCount(integrations.total)}
      >
        {tally([
          [integrations.ok, "collecting"],
          [integrations.failing, "failing"],
          [integrations.disabled, "disabled"],
          [integrations.waiting, "waiting"],
        ])}
      </Figure>
      <Figure
        to="/explore"
        icon={<IconChartLine size={18} />}
        title="Series"
        value={formatCount(metrics.series)}
      >
        {metrics.series === 0 ? (
          "no data yet"
        ) : (
          <>
            {formatCount(metrics.metrics)} metrics in {formatCount(metrics.namespaces)} namespaces · last data{" "}
            <RelativeTime at={metrics.lastDataAt} />
          </>
        )}
      </Figure>
      <Figure
        to="/integrations"
        icon={<IconCircleCheck size={18} />}
        title="Runs in the last day"
        value={formatCount(runsLastDay.total)}
      >
        {runsLastDay.total === 0 ? (
          "no run yet"
        ) : (
          <>
            {runsLastDay.failed === 0 ? "none failed" : `${formatCount(runsLastDay.failed)} failed`} ·{" "}
            {formatCount(runsLastDay.points)} points · {formatCount(runsLastDay.apiCalls)} calls, about{" "}
            {formatDollars(runsLastDay.costUsd)}
          </>
        )}
      </Figure>
    </SimpleGrid>
  );
}

function tally(parts: [count: number, word: string][]): string {
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  return said.length === 0 ? "none yet" : said.join(" · ");
}

interface FigureProps {
  to: "/credentials" | "/integrations" | "/explore";
  icon: ReactNode;
  title: string;
  value: string;
  children: ReactNode;
}

function Figure({ to, icon, title, value, children }: FigureProps) {
  return (
    <Card withBorder className={classes.figure} renderRoot={(root) => <Link to={to} {...root} />}>
      <Group gap={8} c="dimmed">
        {icon}
        <Text size="sm" fw={550}>
          {title}
        </Text>
      </Group>
      <Text className={`${classes.value} numbers`}>{value}</Text>
      <Text size="xs" c="dimmed" component="div">
        {children}
      </Text>
    </Card>
  );
}

function Problems({ overview, quietWhenFine }: { overview: Overview; quietWhenFine: boolean }) {
  if (overview.problems.length === 0) {
    if (quietWhenFine) return null;
    return (
      <Alert color="green" variant="light" icon={<IconCircleCheck size={18} />}>
        Nothing is broken: every credential and integration works.
      </Alert>
    );
  }
  return (
    <Card withBorder padding={0} component="section" aria-label="Problems">
      <Title order={2} size="h6" p="md" pb="xs">
        {overview.problems.length === 1 ? "1 problem" : `${overview.problems.length} problems`}
      </Title>
      {overview.problems.map((problem) => (
        <ProblemRow key={`${problem.kind} ${problem.id} ${problem.message}`} problem={problem} />
      ))}
    </Card>
  );
}

function ProblemRow({ problem }: { problem: Overview["problems"][number] }) {
  const bad = problem.severity === "error";
  const Icon = bad ? IconCircleX : IconAlertTriangle;
  return (
    <div className={classes.problem}>
      <ThemeIcon
        variant="light"
        color={bad ? "red" : "yellow"}
        size={30}
        radius="xl"
        aria-label={problem.severity}
      >
        <Icon size={17} />
      </ThemeIcon>
      <Stack gap={2} flex={1} miw={0}>
        <Group gap={8} justify="space-between" wrap="nowrap" align="baseline">
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            {problem.name}
          </Text>
          {problem.since !== null && (
            <Text size="xs" c="dimmed">
              <RelativeTime at={problem.since} />
            </Text>
          )}
        </Group>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {problem.message}
        </Text>
        {problem.advice.length > 0 && (
          <List size="sm" c="dimmed">
            {problem.advice.map((advice) => (
              <List.Item key={advice}>{advice}</List.Item>
            ))}
          </List>
        )}
        <ProblemLink problem={problem} />
      </Stack>
    </div>
  );
}

function ProblemLink({ problem }: { problem: Overview["problems"][number] }) {
  const { id } = problem;
  if (id === null || problem.kind === "store") return null;
  return (
    <Anchor
      size="sm"
      renderRoot={(root) =>
        problem.kind === "credential" ? (
          <Link to="/credentials" search={{ id }} {...root} />
        ) : (
          <Link to="/integrations/$id" params={{ id }} {...root} />
        )
      }
    >
      Open the {problem.kind}
    </Anchor>
  );
}

function OverviewSkeleton() {
  return (
    <Stack gap="md" aria-label="Loading">
      <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm">
        {["a", "b", "c", "d"].map((key) => (
          <Skeleton key={key} h={116} />
        ))}
      </SimpleGrid>
      <Skeleton h={64} />
    </Stack>
  );
}
