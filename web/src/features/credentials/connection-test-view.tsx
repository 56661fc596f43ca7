import { Alert, Badge, Box, Code, Group, List, Stack, Text } from "@mantine/core";
import type { ConnectionTestResult, ConnectionTestStep } from "@nephoscope/contract";
import { IconAlertTriangle, IconCircleCheck, IconCircleMinus, IconCircleX } from "@tabler/icons-react";
import { CopyableCode } from "../../ui/copy.tsx";
import { formatMilliseconds } from "../../ui/format.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import classes from "./connection-test-view.module.css";

const outcomes = {
  ok: { Icon: IconCircleCheck, color: "var(--mantine-color-green-6)", word: "passed" },
  warning: { Icon: IconAlertTriangle, color: "var(--mantine-color-yellow-6)", word: "passed with a warning" },
  failed: { Icon: IconCircleX, color: "var(--mantine-color-red-6)", word: "failed" },
  skipped: { Icon: IconCircleMinus, color: "var(--mantine-color-dimmed)", word: "skipped" },
};

const overalls = {
  ok: { color: "green", title: "The connection works", Icon: IconCircleCheck },
  partial: { color: "yellow", title: "The connection works in part", Icon: IconAlertTriangle },
  failed: { color: "red", title: "The connection does not work", Icon: IconCircleX },
};

/** A connection test as the story it tells: who we are, step by step, and what to do where it broke. */
export function ConnectionTestView({ result }: { result: ConnectionTestResult }) {
  const { color, title, Icon } = overalls[result.overall];
  return (
    <Stack gap="xs" aria-live="polite">
      <Alert color={color} variant="light" icon={<Icon size={18} />} title={title}>
        <Stack gap={4}>
          {result.identity !== null && (
            <Group gap={6} wrap="nowrap" miw={0}>
              <Text size="sm" style={{ flexShrink: 0 }}>
                As
              </Text>
              <CopyableCode value={result.identity.arn} what="ARN" />
            </Group>
          )}
          <Text size="xs" c="dimmed">
            <RelativeTime at={result.testedAt} /> · took {formatMilliseconds(result.tookMs)}
            {result.clockOffsetMs !== null &&
              ` · clock offset ${formatMilliseconds(Math.abs(result.clockOffsetMs))}`}
          </Text>
        </Stack>
      </Alert>
      <ol className={classes.steps}>
        {result.steps.map((step) => (
          <Step key={step.id} step={step} />
        ))}
      </ol>
    </Stack>
  );
}

function Step({ step }: { step: ConnectionTestStep }) {
  const { Icon, color, word } = outcomes[step.outcome];
  const origin = [step.service, step.region, step.endpointHost].filter((part) => part !== null).join(" · ");
  return (
    <li className={classes.step}>
      <Icon size={18} color={color} aria-label={word} className={classes.icon} />
      <Box miw={0} flex={1}>
        <Group gap={8} justify="space-between" wrap="nowrap" align="baseline">
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            {step.title}
          </Text>
          <Text size="xs" c="dimmed" className="numbers">
            {step.outcome === "skipped" ? "skipped" : formatMilliseconds(step.tookMs)}
          </Text>
        </Group>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {step.message}
        </Text>
        {step.advice.length > 0 && (
          <List size="sm" mt={4} spacing={2}>
            {step.advice.map((advice) => (
              <List.Item key={advice}>{advice}</List.Item>
            ))}
          </List>
        )}
        {(origin !== "" || step.cause !== null || step.rawCode !== null) && (
          <Group gap={6} mt={4}>
            {step.cause !== null && (
              <Badge size="sm" color={step.outcome === "failed" ? "red" : "yellow"}>
                {step.cause}
              </Badge>
            )}
            {step.rawCode !== null && (
              <Code fz={11}>
                {step.rawCode}
                {step.httpStatus !== null && ` (HTTP ${step.httpStatus})`}
              </Code>
            )}
            <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {origin}
              {step.requestId !== null && ` · AWS request ${step.requestId}`}
            </Text>
          </Group>
        )}
      </Box>
    </li>
  );
}
