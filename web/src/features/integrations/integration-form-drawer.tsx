import { Drawer, Skeleton, Stack } from "@mantine/core";
import type { CloudIntegration } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { credentialsQuery } from "../../api/credentials.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { IntegrationFormBody } from "./integration-form-body.tsx";

interface IntegrationFormDrawerProps {
  opened: boolean;
  stored: CloudIntegration | undefined;
  /** Credential that a new integration starts with. */
  credentialId?: string | undefined;
  onClose: () => void;
  onSaved: (integration: CloudIntegration) => void;
}

export function IntegrationFormDrawer(props: IntegrationFormDrawerProps) {
  const { opened, stored, onClose } = props;
  const credentials = useQuery({ ...credentialsQuery, enabled: opened });
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="min(100vw, 720px)"
      title={stored === undefined ? "Add CloudWatch integration" : `Edit ${stored.name}`}
      closeOnClickOutside={false}
      styles={{ body: { paddingBottom: 0 }, title: { fontWeight: 650 } }}
    >
      {credentials.isPending && (
        <Stack gap="md" aria-label="Loading">
          <Skeleton h={58} />
          <Skeleton h={90} />
          <Skeleton h={58} />
        </Stack>
      )}
      {credentials.isError && (
        <ErrorPanel
          error={credentials.error}
          title="The form cannot be shown"
          onRetry={() => void credentials.refetch()}
        />
      )}
      {credentials.data !== undefined && (
        <IntegrationFormBody {...props} credentials={credentials.data.items} />
      )}
    </Drawer>
  );
}
