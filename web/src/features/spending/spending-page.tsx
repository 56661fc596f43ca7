import { Alert, Card, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { Spending } from "@nephoscope/contract";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { spendingQuery } from "../../api/spending.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { formatCount, formatDollarRange, formatDollars } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { DayBars } from "./day-bars.tsx";
import { MonthPicker } from "./month-picker.tsx";
import { monthOf } from "./months.ts";
import { type SpendingSearch, spendingSearchOf } from "./search.ts";
import { SpendingTable } from "./spending-table.tsx";

const routeApi = getRouteApi("/spending");

export function SpendingPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const change = (next: { [K in keyof SpendingSearch]?: SpendingSearch[K] | undefined }) =>
    void navigate({ search: (old) => spendingSearchOf({ ...old, ...next }), replace: true });
  const current = monthOf(Date.now());
  const by = search.by ?? "integration";
  const spending = useQuery(spendingQuery({ month: search.month, groupBy: by }));
  const days = useQuery(spendingQuery({ month: search.month, groupBy: "day" }));
  return (
    <Page
      title="Spending"
      description="What our calls to AWS cost, by our own count of them."
      actions={
        <MonthPicker
          month={search.month ?? current}
          onChange={(month) => change({ month: month === current ? undefined : month })}
        />
      }
    >
      {spending.isPending && (
        <Stack gap="md" aria-label="Loading">
          <Skeleton h={110} />
          <Skeleton h={220} />
        </Stack>
      )}
      {spending.isError && (
        <ErrorPanel
          error={spending.error}
          title="The spending cannot be shown"
          onRetry={() => void spending.refetch()}
        />
      )}
      {spending.data !== undefined && (
        <Stack gap="md">
          <Figures spending={spending.data} />
          <Reconciliation {...spending.data.reconciliation} />
          {days.data !== undefined && (
            <Card withBorder component="section" aria-label="By day">
              <Title order={2} size="h6" mb="sm">
                By day
              </Title>
              <DayBars month={days.data.month} days={days.data.items} />
            </Card>
          )}
          <SpendingTable
            spending={spending.data}
            by={by}
            stale={spending.isPlaceholderData}
            onBy={(next) => change({ by: next })}
          />
          <Text size="xs" c="dimmed">
            {spending.data.countingRule}
          </Text>
        </Stack>
      )}
    </Page>
  );
}

function Figures({ spending: { total, projected, reconciliation } }: { spending: Spending }) {
  return (
    <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm">
      <Figure title="Spent" value={formatDollarRange(total.usd)} />
      <Figure
        title="By the end of the month"
        value={projected === null ? "–" : formatDollarRange(projected)}
        note={projected === null ? "the month is over" : "if it goes on as in the last week"}
      />
      <Figure
        title="Billed by AWS"
        value={reconciliation.billedUsd === null ? "–" : formatDollars(reconciliation.billedUsd)}
        note={reconciliation.billedUsd === null ? "not known yet" : undefined}
      />
      <Figure
        title="Calls"
        value={formatCount(total.calls)}
        note={`${formatCount(total.metricsRequested.low)} to ${formatCount(total.metricsRequested.high)} metrics asked for`}
      />
    </SimpleGrid>
  );
}

function Figure({ title, value, note }: { title: string; value: string; note?: string | undefined }) {
  return (
    <Card withBorder padding="sm">
      <Text size="sm" c="dimmed" fw={550}>
        {title}
      </Text>
      <Text fz={{ base: 17, sm: 21 }} fw={650} lh={1.3} mt={2} style={{ fontVariantNumeric: "tabular-nums" }}>
        {value}
      </Text>
      {note !== undefined && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Card>
  );
}

const reconciliationLooks = {
  "no-cost-data": { color: "blue", title: "Not compared with AWS's bill yet", Icon: IconInfoCircle },
  agrees: { color: "green", title: "AWS's bill agrees", Icon: IconCircleCheck },
  differs: { color: "yellow", title: "AWS's bill differs", Icon: IconAlertTriangle },
} as const;

/** Whether our count and AWS's bill say the same. */
function Reconciliation({ state, message }: Spending["reconciliation"]) {
  const { color, title, Icon } = reconciliationLooks[state];
  return (
    <Alert color={color} variant="light" icon={<Icon size={18} />} title={title}>
      {message}
    </Alert>
  );
}
