import { Drawer, Skeleton, Stack } from "@mantine/core";
import type { CloudIntegration } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { credentialsQuery } from "../../api/credentials.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { CredentialFormDrawer } from "../credentials/credential-form-drawer.tsx";
import { IntegrationFormBody } from "./integration-form-body.tsx";

interface IntegrationFormDrawerProps {
  opened: boolean;
  stored: CloudIntegration;
  onClose: () => void;
  onSaved: (integration: CloudIntegration) => void;
}

/** Changes an integration; adding one has a page of its own. */
export function IntegrationFormDrawer(props: IntegrationFormDrawerProps) {
  const { opened, stored, onClose } = props;
  const credentials = useQuery({ ...credentialsQuery, enabled: opened });
  /** Told the credential that is being added; null while none is. */
  const [choose, setChoose] = useState<((id: string) => void) | null>(null);
  return (
    <>
      <Drawer
        opened={opened}
        onClose={onClose}
        position="right"
        size="min(100vw, 720px)"
        title={`Edit ${stored.name}`}
        closeOnClickOutside={false}
        closeOnEscape={choose === null}
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
          <IntegrationFormBody
            {...props}
            credentials={credentials.data.items}
            onAddCredential={(chosen) => setChoose(() => chosen)}
          />
        )}
      </Drawer>
      {/* Beside the drawer and not in its form, whose submission it would otherwise be. */}
      <CredentialFormDrawer
        opened={choose !== null}
        stored={undefined}
        onClose={() => setChoose(null)}
        onSaved={(credential) => {
          choose?.(credential.id);
          setChoose(null);
        }}
      />
    </>
  );
}
