import { Alert, Card, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { Spending } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { spendingQuery } from "../../api/spending.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount, formatDollarRange, formatDollars } from "../../ui/format.ts";
import { CapBar } from "./cap-bar.tsx";
import { DayBars } from "./day-bars.tsx";

interface PriceMeterProps {
  integrationId: string;
  /** Dollars that a month may cost; null where no cap is set. */
  capUsd: number | null;
}

/** What one integration has spent this month, against its cap and what the month will come to. */
export function PriceMeter({ integrationId, capUsd }: PriceMeterProps) {
  const spending = useQuery(spendingQuery({ integrationId, groupBy: "day" }));
  return (
    <Card withBorder component="section" aria-label="Spent this month">
      <Title order={2} size="h6" mb="sm">
        Spent this month
      </Title>
      {spending.isPending && <Skeleton h={120} aria-label="Loading" />}
      {spending.isError && (
        <ErrorPanel
          error={spending.error}
          title="The spending cannot be shown"
          onRetry={() => void spending.refetch()}
        />
      )}
      {spending.data !== undefined && <Meter spending={spending.data} capUsd={capUsd} />}
    </Card>
  );
}

function Meter({ spending, capUsd }: { spending: Spending; capUsd: number | null }) {
  const { total, projected } = spending;
  return (
    <Stack gap="md">
      <Facts minWidth={220}>
        <Fact label="So far">
          <Text span fz={22} fw={650}>
            {formatDollarRange(total.usd)}
          </Text>
        </Fact>
        <Fact label="By the end of the month">{projected === null ? "–" : formatDollarRange(projected)}</Fact>
        <Fact label="Monthly cap">{capUsd === null ? "none" : formatDollars(capUsd)}</Fact>
        <Fact label="Calls">{formatCount(total.calls)}</Fact>
      </Facts>
      <CapBar spent={total.usd} projected={projected} capUsd={capUsd} />
      {capUsd !== null && projected !== null && projected.high > capUsd && (
        <Alert color="yellow" variant="light">
          Going on like this, the month reaches its cap; collection then pauses until the next month.
        </Alert>
      )}
      <Stack gap={4}>
        <Text size="xs" c="dimmed">
          By day
        </Text>
        <DayBars month={spending.month} days={spending.items} />
      </Stack>
      <Text size="xs" c="dimmed">
        {spending.countingRule}
      </Text>
    </Stack>
  );
}
