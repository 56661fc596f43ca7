import { Box, Code, Group, Skeleton, Text } from "@mantine/core";
import type { ConnectionTestRecord } from "@nephoscope/contract";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { credentialTestsQuery } from "../../api/credentials.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { formatMilliseconds } from "../../ui/format.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import classes from "./test-history.module.css";

const overalls = {
  ok: { Icon: IconCircleCheck, color: "var(--mantine-color-green-6)", word: "Works" },
  partial: { Icon: IconAlertTriangle, color: "var(--mantine-color-yellow-6)", word: "Works in part" },
  failed: { Icon: IconCircleX, color: "var(--mantine-color-red-6)", word: "Failed" },
};

const triggers = { manual: "by hand", schedule: "by schedule" };

/** When the credential worked and when it did not, one line a test: shows since when it is broken. */
export function TestHistory({ credentialId }: { credentialId: string }) {
  const history = useQuery(credentialTestsQuery(credentialId));
  if (history.isError)
    return (
      <ErrorPanel
        error={history.error}
        title="Earlier tests cannot be read"
        onRetry={() => void history.refetch()}
      />
    );
  if (history.isPending) return <Skeleton height={32} />;
  if (history.data.items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None are kept yet.
      </Text>
    );
  return (
    <ol className={classes.tests}>
      {history.data.items.map((test, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two tests may end in the same millisecond.
        <HistoryLine key={`${test.testedAt} ${index}`} test={test} />
      ))}
    </ol>
  );
}

function HistoryLine({ test }: { test: ConnectionTestRecord }) {
  const { Icon, color, word } = overalls[test.overall];
  return (
    <li className={classes.test}>
      <Icon size={16} color={color} aria-hidden className={classes.icon} />
      <Box miw={0} flex={1}>
        <Group gap={8} justify="space-between" wrap="nowrap" align="baseline">
          <Text size="sm">
            {word} <RelativeTime at={test.testedAt} c="dimmed" />
          </Text>
          <Text size="xs" c="dimmed" className="numbers" style={{ whiteSpace: "nowrap" }}>
            {triggers[test.trigger]} · {formatMilliseconds(test.tookMs)}
          </Text>
        </Group>
        {test.failedStep !== null && (
          <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {test.failedStep.title}: {test.failedStep.message}{" "}
            {test.failedStep.rawCode !== null && <Code fz={11}>{test.failedStep.rawCode}</Code>}
          </Text>
        )}
      </Box>
    </li>
  );
}
