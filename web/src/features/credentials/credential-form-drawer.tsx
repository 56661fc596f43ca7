import { Drawer, Skeleton, Stack } from "@mantine/core";
import type { Credential } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { credentialOptionsQuery } from "../../api/credentials.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { CredentialFormBody } from "./credential-form-body.tsx";

interface CredentialFormDrawerProps {
  opened: boolean;
  /** The credential to edit; none makes a new one. */
  stored: Credential | undefined;
  onClose: () => void;
  onSaved: (credential: Credential) => void;
}

export function CredentialFormDrawer({ opened, stored, onClose, onSaved }: CredentialFormDrawerProps) {
  const options = useQuery({ ...credentialOptionsQuery, enabled: opened });
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="min(100vw, 760px)"
      title={stored === undefined ? "Add credential" : `Edit ${stored.name}`}
      closeOnClickOutside={false}
      styles={{ body: { paddingBottom: 0 }, title: { fontWeight: 650 } }}
    >
      {options.isPending && (
        <Stack gap="md" aria-label="Loading">
          <Skeleton h={58} />
          <Skeleton h={58} />
          <Skeleton h={190} />
          <Skeleton h={58} />
        </Stack>
      )}
      {options.isError && (
        <ErrorPanel
          error={options.error}
          onRetry={() => void options.refetch()}
          title="The form cannot be shown"
        />
      )}
      {options.data !== undefined && (
        <CredentialFormBody
          // Another version means other values: the form starts anew from them.
          key={stored === undefined ? "new" : `${stored.id} ${stored.version}`}
          options={options.data}
          stored={stored}
          onClose={onClose}
          onSaved={onSaved}
        />
      )}
    </Drawer>
  );
}
