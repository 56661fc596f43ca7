import { Alert, Button, Card, Group, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { CloudIntegration, IntegrationPreview } from "@nephoscope/contract";
import { useMutation } from "@tanstack/react-query";
import { previewIntegration } from "../../api/integrations.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount, formatDollars } from "../../ui/format.ts";
import { type IntegrationFormValues, inputOfValues } from "./form-values.ts";
import { PreviewMatches } from "./preview-matches.tsx";

interface PricePreviewProps {
  form: UseFormReturnType<IntegrationFormValues>;
  stored: CloudIntegration | undefined;
}

/** What the form's values would match and cost, asked of AWS before anything is saved. */
export function PricePreview({ form, stored }: PricePreviewProps) {
  const input = { ...inputOfValues(form.values, stored), ...(stored && { id: stored.id }) };
  const asked = JSON.stringify({ ...input, serviceRefreshRateInMins: undefined, name: undefined });
  const preview = useMutation({
    mutationFn: async () => ({ asked, answer: await previewIntegration(input) }),
  });
  const result = preview.data;
  return (
    <Card withBorder p="sm" component="section" aria-label="What will match and what it costs">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Text size="sm" fw={500}>
            What will match and what it costs
          </Text>
          <Button
            size="compact-sm"
            variant="light"
            loading={preview.isPending}
            onClick={() => preview.mutate()}
          >
            {result === undefined ? "Preview" : "Preview again"}
          </Button>
        </Group>
        {result === undefined && !preview.isError && (
          <Text size="xs" c="dimmed">
            Lists the metrics in AWS, for a small part of a cent. Nothing is saved.
          </Text>
        )}
        {preview.isError && <ErrorPanel error={preview.error} title="No preview" />}
        {result !== undefined && !preview.isError && (
          <>
            {result.asked !== asked && (
              <Text size="xs" c="dimmed">
                The settings have changed since this preview.
              </Text>
            )}
            <Result
              preview={result.answer}
              minutes={Number(form.values.refreshMinutes)}
              onInterval={(minutes) => form.setFieldValue("refreshMinutes", minutes)}
            />
          </>
        )}
      </Stack>
    </Card>
  );
}

interface ResultProps {
  preview: IntegrationPreview;
  /** The form's interval, which a row of the what-ifs may answer for without asking AWS again. */
  minutes: number;
  onInterval: (minutes: number) => void;
}

function Result({ preview, minutes, onInterval }: ResultProps) {
  const atLeast = preview.truncated ? "at least " : "";
  const row = preview.whatIf.find(({ intervalMinutes }) => intervalMinutes === minutes);
  const price = row?.usdPerMonth ?? preview.usdPerMonth;
  const every = row?.intervalMinutes ?? preview.intervalMinutes;
  return (
    <>
      <Facts minWidth={150}>
        <Fact label="Metrics">
          {atLeast}
          {formatCount(preview.matchedMetrics)} of {formatCount(preview.listedMetrics)} listed
        </Fact>
        <Fact label="Series">
          {atLeast}
          {formatCount(preview.series)}
        </Fact>
        <Fact label={`A month, every ${every} min`}>
          <b>
            {atLeast}
            {formatRange(price)}
          </b>
        </Fact>
      </Facts>
      {preview.notes.length > 0 && (
        <Alert color="yellow" variant="light" p="xs">
          {preview.notes.map((note) => (
            <Text key={note} size="xs">
              {note}
            </Text>
          ))}
        </Alert>
      )}
      <Stack gap={6}>
        <Text size="xs" c="dimmed">
          Collect every … (same points; low end of the range)
        </Text>
        <Group gap={6}>
          {preview.whatIf.map(({ intervalMinutes, usdPerMonth }) => (
            <Button
              key={intervalMinutes}
              size="compact-xs"
              variant={intervalMinutes === minutes ? "light" : "default"}
              aria-pressed={intervalMinutes === minutes}
              onClick={() => onInterval(intervalMinutes)}
              title={formatRange(usdPerMonth)}
            >
              {intervalMinutes} min: {formatDollars(usdPerMonth.low)}
              {savingOf(price, usdPerMonth)}
            </Button>
          ))}
        </Group>
      </Stack>
      <PreviewMatches {...preview} />
      <Text size="xs" c="dimmed">
        {preview.countingRule} This preview took {preview.previewCost.listMetricsCalls} calls of ListMetrics,{" "}
        {formatDollars(preview.previewCost.usd)}.
      </Text>
    </>
  );
}

type Range = IntegrationPreview["usdPerMonth"];

function formatRange({ low, high }: Range): string {
  return `${formatDollars(low)} to ${formatDollars(high)}`;
}

/** What another interval saves on the low price; nothing for one that costs the same or more. */
function savingOf(now: Range, other: Range): string {
  const saved = now.low === 0 ? 0 : Math.round((1 - other.low / now.low) * 100);
  return saved > 0 ? ` (−${saved}%)` : "";
}
