import { Anchor, Card, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { completenessQuery } from "../../api/collection.ts";
import { spendingQuery } from "../../api/spending.ts";
import { formatCount, formatDollarRange, formatDollars, formatShare } from "../../ui/format.ts";
import { CompletenessBar } from "../collection/completeness-bar.tsx";
import type { IntegrationSearch } from "./search.ts";

interface QualityGlanceProps {
  integrationId: string;
  capUsd: number | null;
}

/** Completeness, debt and price as one figure each; each leads to the whole story. What is not known is left out. */
export function QualityGlance({ integrationId, capUsd }: QualityGlanceProps) {
  const completeness = useQuery(completenessQuery(integrationId)).data?.[0];
  // The same question that the page's cost side asks.
  const spending = useQuery(spendingQuery({ integrationId, groupBy: "day" })).data;
  if (completeness === undefined && spending === undefined) return null;
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
      {completeness !== undefined && (
        <Figure
          id={integrationId}
          search={{ tab: "quality" }}
          title="Complete, last day"
          value={completeness.lastDay.share === null ? "–" : formatShare(completeness.lastDay.share)}
        >
          <CompletenessBar share={completeness.lastDay} of="Last day" size={6} />
        </Figure>
      )}
      {completeness !== undefined && (
        <Figure
          id={integrationId}
          search={{ tab: "quality" }}
          title="Owed windows"
          value={formatCount(completeness.owedWindows)}
        >
          <Text size="xs" c="dimmed">
            {formatCount(completeness.rereadWindows)} to read again ·{" "}
            {completeness.gaps === 0
              ? "no gap"
              : completeness.gaps === 1
                ? "1 gap"
                : `${formatCount(completeness.gaps)} gaps`}
          </Text>
        </Figure>
      )}
      {spending !== undefined && (
        <Figure
          id={integrationId}
          search={{ tab: "cost" }}
          title="Spent this month"
          value={formatDollarRange(spending.total.usd)}
        >
          <Text size="xs" c="dimmed">
            {capUsd === null ? "no cap" : `cap ${formatDollars(capUsd)}`}
            {spending.projected !== null && ` · projected ${formatDollarRange(spending.projected)}`}
          </Text>
        </Figure>
      )}
    </SimpleGrid>
  );
}

interface FigureProps {
  id: string;
  search: IntegrationSearch;
  title: string;
  value: string;
  children: ReactNode;
}

function Figure({ id, search, title, value, children }: FigureProps) {
  return (
    <Card withBorder padding="sm">
      <Stack gap={4}>
        <Anchor
          size="xs"
          c="dimmed"
          renderRoot={(root) => <Link to="/integrations/$id" params={{ id }} search={search} {...root} />}
        >
          {title}
        </Anchor>
        <Text fz={21} fw={650} lh={1.25} style={{ fontVariantNumeric: "tabular-nums" }}>
          {value}
        </Text>
        {children}
      </Stack>
    </Card>
  );
}
