import { Badge, Button, Card, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { CloudIntegrationInput, IntegrationAdvice } from "@nephoscope/contract";
import { IconCoin } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { updateIntegration } from "../../api/integrations.ts";
import { useCan } from "../../api/session.ts";
import { integrationAdviceQuery } from "../../api/spending.ts";
import { ConfirmModal } from "../../ui/confirm-modal.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { formatDollarRange } from "../../ui/format.ts";
import { notifySuccess } from "../../ui/notify.ts";

type Item = IntegrationAdvice["items"][number];

interface AdviceListProps {
  integrationId: string;
  /** The whole settings with the advised change in them; undefined while they are not known. */
  inputWith: ((change: Item["change"]) => CloudIntegrationInput) | undefined;
}

/** How the integration could cost less, each with a button that does it. */
export function AdviceList({ integrationId, inputWith }: AdviceListProps) {
  const can = useCan();
  const queryClient = useQueryClient();
  const advice = useQuery(integrationAdviceQuery(integrationId));
  const [asked, setAsked] = useState<Item | null>(null);
  const applying = useMutation({
    mutationFn: async (item: Item) => {
      if (inputWith === undefined) throw new Error("The settings are not known yet.");
      return updateIntegration(integrationId, inputWith(item.change));
    },
    onSuccess: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ["integrations"] }),
        queryClient.invalidateQueries({ queryKey: ["spending"] }),
      ]);
      notifySuccess("The change is saved.");
      setAsked(null);
    },
  });
  return (
    <Card withBorder component="section" aria-label="Advice">
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} size="h6">
          Advice
        </Title>
        {advice.data !== undefined && (
          <Text size="xs" c="dimmed">
            As it is set, a month costs {formatDollarRange(advice.data.usdPerMonth)}.
          </Text>
        )}
      </Group>
      {advice.isPending && <Skeleton h={60} aria-label="Loading" />}
      {advice.isError && (
        <ErrorPanel error={advice.error} title="There is no advice" onRetry={() => void advice.refetch()} />
      )}
      {advice.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing to save: no setting costs more than it has to.
        </Text>
      )}
      <Stack gap="sm">
        {advice.data?.items.map((item) => (
          <Group key={`${item.kind} ${item.message}`} justify="space-between" gap="xs" align="flex-start">
            <Stack gap={4} flex="1 1 240px">
              <Text size="sm">{item.message}</Text>
              {item.savingPerMonth.high > 0 && (
                <Badge color="green" leftSection={<IconCoin size={12} aria-hidden />}>
                  saves {formatDollarRange(item.savingPerMonth)} a month
                </Badge>
              )}
            </Stack>
            {Object.keys(item.change).length > 0 && (
              <Button
                size="compact-sm"
                variant="light"
                disabled={!can("integrations:Update") || inputWith === undefined}
                onClick={() => {
                  applying.reset();
                  setAsked(item);
                }}
              >
                Apply
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      <ConfirmModal
        opened={asked !== null}
        title="Change the settings"
        confirmLabel="Change"
        color="sky"
        busy={applying.isPending}
        error={applying.error}
        onConfirm={() => asked !== null && applying.mutate(asked)}
        onClose={() => setAsked(null)}
      >
        {asked?.message}
        <br />
        {asked !== null && changesText(asked.change)}
      </ConfirmModal>
    </Card>
  );
}

const settingTitles: Record<string, string> = {
  serviceRefreshRateInMins: "Collect every (min)",
  statistics: "Statistics",
  namespaces: "Namespaces",
  monthlyCapUsd: "Monthly cap (US dollars)",
};

/** `Collect every (min): 15`, from the names of the wire object. */
function changesText(change: Item["change"]): string {
  const { cloudWatch, ...rest } = change;
  const flat = { ...rest, ...(typeof cloudWatch === "object" ? cloudWatch : {}) };
  return Object.entries(flat)
    .map(
      ([name, value]) =>
        `${settingTitles[name] ?? name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`,
    )
    .join("; ");
}
