import { Card, Skeleton, Stack, Switch, Text, Title } from "@mantine/core";
import type { Outputs } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { outputsQuery } from "../../api/outputs.ts";
import { useCan } from "../../api/session.ts";
import { CopyableCode } from "../../ui/copy.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { OutputReceiver } from "./output-receiver.tsx";
import { useUpdateOutputs } from "./use-update-outputs.ts";

/** Where one integration's metrics go besides the own store. */
export function IntegrationOutputs({ integrationId }: { integrationId: string }) {
  const outputs = useQuery(outputsQuery(integrationId));
  if (outputs.isPending) return <Skeleton h={260} aria-label="Loading" />;
  if (outputs.isError) {
    return (
      <ErrorPanel
        error={outputs.error}
        title="The outputs cannot be shown"
        onRetry={() => void outputs.refetch()}
      />
    );
  }
  const { remoteWrite, otlp } = outputs.data;
  return (
    <Stack gap="md">
      <Scraping integrationId={integrationId} outputs={outputs.data} />
      <OutputReceiver
        key={`remoteWrite ${remoteWrite?.url}`}
        integrationId={integrationId}
        field="remoteWrite"
        title="Prometheus remote write"
        placeholder="https://mimir.example.com/api/v1/push"
        target={remoteWrite}
      />
      <OutputReceiver
        key={`otlp ${otlp?.url}`}
        integrationId={integrationId}
        field="otlp"
        title="OTLP"
        placeholder="https://collector.example.com:4318/v1/metrics"
        target={otlp}
      />
    </Stack>
  );
}

function Scraping({ integrationId, outputs }: { integrationId: string; outputs: Outputs }) {
  const can = useCan();
  const update = useUpdateOutputs(integrationId);
  return (
    <Card withBorder component="section" aria-label="OpenMetrics">
      <Title order={2} size="h6" mb="sm">
        OpenMetrics
      </Title>
      <Stack gap="sm" align="flex-start">
        <Switch
          label="Offer the newest settled point of each series to scrapers"
          checked={outputs.openMetrics}
          disabled={!can("outputs:Update") || update.isPending}
          onChange={(event) => update.mutate({ openMetrics: event.currentTarget.checked })}
        />
        {outputs.openMetrics && (
          <>
            <CopyableCode
              value={`${window.location.origin}/metrics/integrations/${integrationId}`}
              what="address"
            />
            <Text size="xs" c="dimmed">
              Scrapers send a REST token. The points keep their own time, which is some minutes ago; with
              ?finality=all&timestamps=off they get that of the scrape.
            </Text>
          </>
        )}
        {update.isError && <ErrorPanel error={update.error} title="Not changed" />}
      </Stack>
    </Card>
  );
}
