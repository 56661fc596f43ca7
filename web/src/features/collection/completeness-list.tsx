import { Box, Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { Completeness } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { completenessQuery } from "../../api/collection.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { formatCount, formatShare } from "../../ui/format.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { CompletenessBar } from "./completeness-bar.tsx";
import classes from "./completeness-list.module.css";
import { IntegrationLink } from "./integration-link.tsx";

/** Completeness of each integration, the worst first. */
export function CompletenessList() {
  const list = useQuery(completenessQuery());
  return (
    <Card withBorder padding={0} component="section" aria-label="Completeness">
      <Group justify="space-between" p="md" pb="xs">
        <Title order={2} size="h6">
          Completeness
        </Title>
        <Legend />
      </Group>
      {list.isPending && (
        <Stack gap={6} p="md" pt={0} aria-label="Loading">
          <Skeleton h={44} />
          <Skeleton h={44} />
        </Stack>
      )}
      {list.isError && (
        <Box p="md" pt={0}>
          <ErrorPanel
            error={list.error}
            title="The completeness cannot be shown"
            onRetry={() => void list.refetch()}
          />
        </Box>
      )}
      {list.data?.length === 0 && (
        <Text size="sm" c="dimmed" px="md" pb="md">
          No integration collects anything yet.
        </Text>
      )}
      {list.data !== undefined &&
        worstFirst(list.data).map((one) => <Row key={one.integrationId} one={one} />)}
    </Card>
  );
}

const worstFirst = (list: readonly Completeness[]) =>
  list.toSorted((a, b) => rankOf(a) - rankOf(b) || a.integrationName.localeCompare(b.integrationName));

/** What has not run yet is not bad, so it comes last. */
const rankOf = ({ lastDay, lastWeek }: Completeness) => Math.min(lastDay.share ?? 2, lastWeek.share ?? 2);

function Row({ one }: { one: Completeness }) {
  return (
    <div className={classes.row}>
      <Box miw={0}>
        <IntegrationLink id={one.integrationId} name={one.integrationName} />
        <Text size="xs" c="dimmed">
          {owedText(one)}
          {one.oldestOwedAt !== null && (
            <>
              , oldest <RelativeTime at={one.oldestOwedAt} />
            </>
          )}
        </Text>
      </Box>
      <SimpleGrid cols={2} spacing="md">
        <Period title="Last day" share={one.lastDay} name={one.integrationName} />
        <Period title="Last week" share={one.lastWeek} name={one.integrationName} />
      </SimpleGrid>
    </div>
  );
}

function Period({ title, share, name }: { title: string; share: Completeness["lastDay"]; name: string }) {
  return (
    <Stack gap={3} miw={0}>
      <Group justify="space-between" gap={6} wrap="nowrap">
        <Text size="xs" c="dimmed">
          {title}
        </Text>
        <Text size="sm" fw={600} className="numbers">
          {share.share === null ? "no run yet" : formatShare(share.share)}
        </Text>
      </Group>
      <CompletenessBar share={share} of={`${name}, ${title.toLowerCase()}`} />
    </Stack>
  );
}

function owedText({ owedWindows, gaps }: Completeness): string {
  if (owedWindows === 0 && gaps === 0) return "Nothing owed, nothing lost";
  const owed = owedWindows === 1 ? "1 window owed" : `${formatCount(owedWindows)} windows owed`;
  const lost = gaps === 1 ? "1 gap" : `${formatCount(gaps)} gaps`;
  return [owedWindows > 0 && owed, gaps > 0 && lost].filter(Boolean).join(", ");
}

function Legend() {
  return (
    <Group gap="md" fz="xs" c="dimmed">
      {(["green", "yellow", "red"] as const).map((color, index) => (
        <Group key={color} gap={5}>
          <span className={classes.swatch} data-color={color} aria-hidden />
          {["stored", "owed", "lost"][index]}
        </Group>
      ))}
    </Group>
  );
}
