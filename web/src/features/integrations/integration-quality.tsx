import { Card, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { completenessQuery } from "../../api/collection.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { ChangesTable } from "../collection/changes-table.tsx";
import { CompletenessFigure } from "../collection/completeness-bar.tsx";
import { DelaysTable } from "../collection/delays-table.tsx";
import { GapsTable } from "../collection/gaps-table.tsx";
import { OwedTable } from "../collection/owed-table.tsx";
import type { IntegrationSearch } from "./search.ts";

interface IntegrationQualityProps {
  integrationId: string;
  search: IntegrationSearch;
  onChange: (next: Record<string, unknown>) => void;
}

/** How complete and how final one integration's points are. */
export function IntegrationQuality({ integrationId, search, onChange }: IntegrationQualityProps) {
  return (
    <Stack gap="md">
      <Shares integrationId={integrationId} />
      <OwedTable
        integrationId={integrationId}
        what={search.what ?? "missing"}
        reason={search.reason}
        onChange={onChange}
      />
      <GapsTable integrationId={integrationId} />
      <ChangesTable integrationId={integrationId} />
      <DelaysTable integrationId={integrationId} />
    </Stack>
  );
}

function Shares({ integrationId }: { integrationId: string }) {
  const completeness = useQuery(completenessQuery(integrationId));
  const one = completeness.data?.[0];
  return (
    <Card withBorder component="section" aria-label="Completeness">
      <Title order={2} size="h6" mb="sm">
        Completeness
      </Title>
      {completeness.isError && (
        <ErrorPanel
          error={completeness.error}
          title="The completeness cannot be shown"
          onRetry={() => void completeness.refetch()}
        />
      )}
      {completeness.data !== undefined && one === undefined && (
        <Text size="sm" c="dimmed">
          No run yet.
        </Text>
      )}
      {one !== undefined && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
          <CompletenessFigure title="Last day" share={one.lastDay} />
          <CompletenessFigure title="Last week" share={one.lastWeek} />
        </SimpleGrid>
      )}
    </Card>
  );
}
