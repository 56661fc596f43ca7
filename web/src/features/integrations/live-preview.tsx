import { Alert, Button, Card, Group, Progress, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import type { CloudIntegration, IntegrationPreview } from "@nephoscope/contract";
import { useEffect, useState } from "react";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount, formatDollarRange, formatDollars } from "../../ui/format.ts";
import type { IntegrationFormValues } from "./form-values.ts";
import { PreviewMatches } from "./preview-matches.tsx";
import { PreviewWhatIf } from "./preview-what-if.tsx";
import { useIntegrationPreview } from "./use-integration-preview.ts";

interface LivePreviewProps {
  values: IntegrationFormValues;
  stored: CloudIntegration | undefined;
  onInterval: (minutes: number) => void;
  /** Without waiting for a click. */
  atOnce: boolean;
}

/** What the form's values would match and cost, asked of AWS before anything is saved and again after every change. */
export function LivePreview({ values, stored, onInterval, atOnce }: LivePreviewProps) {
  const [wanted, setWanted] = useState(atOnce);
  const { preview, problem, usdPerMonth, stop } = useIntegrationPreview(values, stored, wanted);
  const { data, isFetching } = preview;
  const ask = () => {
    if (wanted) void preview.refetch();
    else setWanted(true);
  };
  return (
    <Card withBorder component="section" aria-label="What will match and what it costs">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Title order={3} size="h6">
            What will match and what it costs
          </Title>
          {problem === undefined &&
            (isFetching ? (
              <Button size="compact-sm" variant="default" onClick={() => void stop()}>
                Stop
              </Button>
            ) : (
              <Button size="compact-sm" variant="light" onClick={ask}>
                {data === undefined ? "Preview" : "Ask again"}
              </Button>
            ))}
        </Group>
        {problem !== undefined ? (
          <Text size="sm" c="dimmed">
            {problem} Then the preview asks AWS.
          </Text>
        ) : (
          !wanted && (
            <Text size="xs" c="dimmed">
              Lists the metrics in AWS, for a small part of a cent. Nothing is saved.
            </Text>
          )
        )}
        {isFetching && <Listing again={data !== undefined} />}
        {preview.isError && !isFetching && (
          <ErrorPanel error={preview.error} title="No preview" onRetry={() => void preview.refetch()} />
        )}
        {data !== undefined && !preview.isError && problem === undefined && (
          <Stack gap="sm" style={{ opacity: preview.isPlaceholderData ? 0.55 : 1 }}>
            <Result
              preview={data}
              price={usdPerMonth ?? data.usdPerMonth}
              minutes={Number(values.refreshMinutes)}
              onInterval={onInterval}
            />
          </Stack>
        )}
        <VisuallyHidden role="status">
          {data !== undefined && !isFetching && usdPerMonth !== undefined
            ? `${data.matchedMetrics} metrics match; ${formatDollarRange(usdPerMonth)} a month.`
            : ""}
        </VisuallyHidden>
      </Stack>
    </Card>
  );
}

/** Listing has no known end, so what can be told is that it goes on, and for how long. */
function Listing({ again }: { again: boolean }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Stack gap={4}>
      <Progress value={100} striped animated size="sm" aria-label="Listing metrics in AWS" />
      <Text size="xs" c="dimmed">
        Listing metrics in AWS{seconds > 1 && `, ${seconds} s`}…
        {again && " What stands below is the answer before."}
      </Text>
    </Stack>
  );
}

interface ResultProps {
  preview: IntegrationPreview;
  price: IntegrationPreview["usdPerMonth"];
  minutes: number;
  onInterval: (minutes: number) => void;
}

function Result({ preview, price, minutes, onInterval }: ResultProps) {
  const atLeast = preview.truncated ? "at least " : "";
  return (
    <>
      <Facts minWidth={240}>
        <Fact label="Metrics that match">
          <Text span fz={20} fw={650} className="numbers">
            {atLeast}
            {formatCount(preview.matchedMetrics)}
          </Text>
          <Text size="xs" c="dimmed">
            {unmatchedText(preview)}
          </Text>
        </Fact>
        <Fact label={`A month, every ${minutes} min`}>
          <Text span fz={20} fw={650} style={{ fontVariantNumeric: "tabular-nums" }}>
            {atLeast}
            {formatDollarRange(price)}
          </Text>
          <Text size="xs" c="dimmed">
            {atLeast}
            {formatCount(preview.series)} series
          </Text>
        </Fact>
      </Facts>
      {preview.truncated && (
        <Alert color="yellow" variant="light" p="xs" title="This is only a part">
          <Text size="xs">
            The listing was stopped before its end: there is more, and it costs more. Fewer regions or
            namespaces are listed whole.
          </Text>
        </Alert>
      )}
      {preview.notes.length > 0 && (
        <Alert color="yellow" variant="light" p="xs">
          {preview.notes.map((note) => (
            <Text key={note} size="xs">
              {note}
            </Text>
          ))}
        </Alert>
      )}
      <PreviewWhatIf rows={preview.whatIf} price={price} minutes={minutes} onInterval={onInterval} />
      <PreviewMatches {...preview} />
      <Text size="xs" c="dimmed">
        {preview.countingRule} This preview took{" "}
        {preview.previewCost.listMetricsCalls === 1
          ? "1 call"
          : `${formatCount(preview.previewCost.listMetricsCalls)} calls`}{" "}
        of ListMetrics, {formatDollars(preview.previewCost.usd)}.
      </Text>
    </>
  );
}

function unmatchedText({ listedMetrics, matchedMetrics }: IntegrationPreview): string {
  const unmatched = listedMetrics - matchedMetrics;
  return unmatched === 0
    ? `all of ${formatCount(listedMetrics)} listed`
    : `of ${formatCount(listedMetrics)} listed; ${formatCount(unmatched)} do not match`;
}
