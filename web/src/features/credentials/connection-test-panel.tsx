import { Button, Chip, Group, Loader, Stack, Switch, Text } from "@mantine/core";
import type {
  ConnectionTestInput,
  ConnectionTestResult,
  CredentialInput,
  CredentialUpdate,
  ProbeService,
} from "@nephoscope/contract";
import { IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { testUnsavedCredential } from "../../api/credentials.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { FieldLabel } from "../../ui/field-label.tsx";
import { ConnectionTestView } from "./connection-test-view.tsx";
import { probeTitles } from "./labels.tsx";

export interface ConnectionTest {
  input: ConnectionTestInput;
  setInput: (input: ConnectionTestInput) => void;
  run: () => void;
  isPending: boolean;
  error: Error | null;
  result: ConnectionTestResult | undefined;
  /** The identity before any role is assumed, when a test without roles has shown it. */
  baseArn: string | undefined;
}

/** A test of values that are not stored. `credentialOf` is asked when the test starts. */
export function useConnectionTest(
  credentialOf: () => CredentialInput | ({ id: string } & CredentialUpdate),
): ConnectionTest {
  const [input, setInput] = useState<ConnectionTestInput>({
    services: ["monitoring"],
    checkExternalId: true,
  });
  const [baseArn, setBaseArn] = useState<string>();
  const test = useMutation({
    mutationFn: () => testUnsavedCredential(credentialOf(), input),
    onSuccess: (result) => {
      const assumed = result.identity?.arn.includes(":assumed-role/") ?? true;
      if (!assumed) setBaseArn(result.identity?.arn);
    },
  });
  return {
    input,
    setInput,
    run: () => test.mutate(),
    isPending: test.isPending,
    error: test.error,
    result: test.data,
    baseArn,
  };
}

interface ConnectionTestPanelProps {
  test: ConnectionTest;
  hasRoles: boolean;
  onRun: () => void;
}

export function ConnectionTestPanel({ test, hasRoles, onRun }: ConnectionTestPanelProps) {
  const { input, setInput } = test;
  const panel = useRef<HTMLDivElement>(null);
  const started = test.isPending;
  const finished = !started && (test.result !== undefined || test.error !== null);
  // The button that starts the test stays in view at the bottom; its outcome must come into view.
  useEffect(() => {
    if (started || finished) panel.current?.scrollIntoView({ block: "start" });
  }, [started, finished]);
  return (
    <Stack
      ref={panel}
      gap="sm"
      role="group"
      aria-label="Connection test"
      mih={260}
      style={{ scrollMarginTop: 70 }}
    >
      <FieldLabel description="Tries the values above without saving them. Each service is asked one cheap question.">
        Connection test
      </FieldLabel>
      <Chip.Group
        multiple
        value={input.services}
        onChange={(services) => setInput({ ...input, services: services as ProbeService[] })}
      >
        <Group gap={6}>
          {Object.entries(probeTitles).map(([service, title]) => (
            <Chip key={service} value={service} size="xs" variant="outline">
              {title}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {hasRoles && (
        <Switch
          size="sm"
          label="Check that AWS refuses the roles without our external ID"
          checked={input.checkExternalId}
          onChange={(event) => setInput({ ...input, checkExternalId: event.currentTarget.checked })}
        />
      )}
      {test.isPending ? (
        <Group gap="xs" aria-live="polite">
          <Loader size={16} />
          <Text size="sm" c="dimmed">
            Asking AWS… at most 20 seconds
          </Text>
        </Group>
      ) : (
        <>
          {test.error !== null && (
            <ErrorPanel error={test.error} title="The test could not start" onRetry={onRun} />
          )}
          {test.error === null && test.result !== undefined && <ConnectionTestView result={test.result} />}
          {test.error === null && test.result === undefined && (
            <Button
              variant="light"
              size="compact-sm"
              leftSection={<IconPlugConnected size={15} />}
              onClick={onRun}
              style={{ alignSelf: "flex-start" }}
            >
              Test now
            </Button>
          )}
        </>
      )}
    </Stack>
  );
}
