import { Anchor, Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { credentialsQuery } from "../../../api/credentials.ts";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { Page } from "../../../ui/page.tsx";
import { Wizard } from "./wizard.tsx";

/** Adds an integration step by step. */
export function AddIntegrationPage() {
  const credentials = useQuery(credentialsQuery);
  return (
    <Page
      title="Add integration"
      description={
        <>
          <Anchor inherit renderRoot={(root) => <Link to="/integrations" {...root} />}>
            Integrations
          </Anchor>
          {" / nothing is saved before the last step"}
        </>
      }
    >
      {credentials.isPending && (
        <Stack gap="md" aria-label="Loading">
          <Skeleton h={48} />
          <Skeleton h={220} />
        </Stack>
      )}
      {credentials.isError && (
        <ErrorPanel
          error={credentials.error}
          title="The form cannot be shown"
          onRetry={() => void credentials.refetch()}
        />
      )}
      {credentials.data !== undefined && <Wizard credentials={credentials.data.items} />}
    </Page>
  );
}
