import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import { ApiError } from "../api/client.ts";
import { CopyIcon } from "./copy.tsx";

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface ErrorPanelProps {
  error: unknown;
  title?: string;
  onRetry?: () => void;
  /** Field problems that the form shows beside its fields are not repeated here. */
  hideFields?: boolean;
}

/** What failed, what to quote when asking for help, and a way to try again. */
export function ErrorPanel({
  error,
  title = "That did not work",
  onRetry,
  hideFields = false,
}: ErrorPanelProps) {
  const api = error instanceof ApiError ? error : undefined;
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={title} role="alert">
      <Stack gap={6}>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {messageOf(error)}
        </Text>
        {!hideFields && api !== undefined && api.fields.length > 0 && (
          <List size="sm">
            {api.fields.map((field) => (
              <List.Item key={`${field.path} ${field.message}`}>
                {field.path !== "" && <b>{field.path}: </b>}
                {field.message}
              </List.Item>
            ))}
          </List>
        )}
        {(onRetry !== undefined || api?.requestId) && (
          <Group gap="sm" mt={2}>
            {onRetry !== undefined && (
              <Button
                size="compact-xs"
                variant="light"
                color="red"
                leftSection={<IconRefresh size={13} />}
                onClick={onRetry}
              >
                Try again
              </Button>
            )}
            {api?.requestId && (
              <Group gap={2}>
                <Text size="xs" c="dimmed">
                  Request {api.requestId}
                </Text>
                <CopyIcon value={api.requestId} what="request id" size="xs" />
              </Group>
            )}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
