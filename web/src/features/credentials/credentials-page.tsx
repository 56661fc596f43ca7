import {
  Anchor,
  Button,
  Card,
  Group,
  List,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import {
  type AuthenticationMethod,
  authenticationMethods,
  type Credential,
  type CredentialStatus,
} from "@nephoscope/contract";
import { IconKey, IconPlus, IconSearch } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { credentialsQuery, deleteCredential, testCredential } from "../../api/credentials.ts";
import { useCan } from "../../api/session.ts";
import { ConfirmModal } from "../../ui/confirm-modal.tsx";
import { Empty } from "../../ui/empty.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { notifyFailure, notifySuccess } from "../../ui/notify.ts";
import { Page } from "../../ui/page.tsx";
import { CredentialDetailDrawer } from "./credential-detail-drawer.tsx";
import { CredentialFormDrawer } from "./credential-form-drawer.tsx";
import { AddCredentialTile, CredentialTile } from "./credential-tile.tsx";
import { methodTitles, statusLabels } from "./labels.tsx";
import type { CredentialsSearch } from "./search.ts";
import { selectCredentials } from "./select-credentials.ts";

const routeApi = getRouteApi("/credentials");

export function CredentialsPage() {
  const can = useCan();
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const change = (next: Partial<CredentialsSearch>) =>
    void navigate({ search: (old) => dropEmpty({ ...old, ...next }), replace: true });
  const credentials = useQuery(credentialsQuery);
  const queryClient = useQueryClient();
  const [deleting, setDeleting] = useState<Credential | null>(null);
  const test = useMutation({
    mutationFn: (credential: Credential) =>
      testCredential(credential.id, { services: ["monitoring"], checkExternalId: true }),
    onSuccess: (_result, credential) => change({ id: credential.id, form: undefined }),
    onError: (error) => notifyFailure("The test could not start", error),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["credentials"] }),
  });
  const all = credentials.data?.items ?? [];
  const open = all.find((credential) => credential.id === search.id);
  const shown = selectCredentials(all, search);
  const testing = (credential: Credential) => test.isPending && test.variables?.id === credential.id;
  return (
    <Page
      title="Credentials"
      description="Ways to be someone in AWS. Secrets go in and never come out."
      actions={
        can("credentials:Create") && all.length > 0 ? (
          <Button leftSection={<IconPlus size={16} />} onClick={() => change({ form: "add", id: undefined })}>
            Add credential
          </Button>
        ) : undefined
      }
    >
      <Stack gap="md">
        {all.length > 0 && <Filters search={search} onChange={change} />}
        {credentials.isError && (
          <ErrorPanel
            error={credentials.error}
            title="Credentials cannot be listed"
            onRetry={() => void credentials.refetch()}
          />
        )}
        {credentials.isPending && <TileSkeletons />}
        {credentials.isSuccess && all.length === 0 && !can("credentials:Create") && (
          <Empty icon={<IconKey size={22} />} title="No credentials yet">
            An administrator has to add one.
          </Empty>
        )}
        {credentials.isSuccess && (
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="sm">
            {can("credentials:Create") && (
              <AddCredentialTile onAdd={() => change({ form: "add", id: undefined })} />
            )}
            {shown.map((credential) => (
              <CredentialTile
                key={credential.id}
                credential={credential}
                testing={testing(credential)}
                onOpen={() => change({ id: credential.id, form: undefined })}
                onTest={() => test.mutate(credential)}
                onEdit={() => change({ id: credential.id, form: "edit" })}
                onDelete={() => setDeleting(credential)}
              />
            ))}
          </SimpleGrid>
        )}
        {all.length > 0 && shown.length === 0 && (
          <Text size="sm" c="dimmed">
            No credential matches the filters.
          </Text>
        )}
      </Stack>
      <CredentialFormDrawer
        opened={
          (search.form === "add" && can("credentials:Create")) ||
          (search.form === "edit" && open !== undefined && can("credentials:Update"))
        }
        stored={search.form === "edit" ? open : undefined}
        onClose={() => change({ form: undefined, ...(search.form === "add" ? { id: undefined } : {}) })}
        onSaved={(credential) => change({ form: undefined, id: credential.id })}
      />
      <CredentialDetailDrawer
        credential={open}
        opened={search.form === undefined}
        testing={open !== undefined && testing(open)}
        onClose={() => change({ id: undefined })}
        onTest={test.mutate}
        onEdit={(credential) => change({ id: credential.id, form: "edit" })}
        onDelete={setDeleting}
      />
      <DeleteCredential
        credential={deleting}
        onClose={() => setDeleting(null)}
        onDeleted={() => {
          setDeleting(null);
          change({ id: undefined });
        }}
      />
    </Page>
  );
}

function dropEmpty(search: CredentialsSearch): CredentialsSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ""),
  ) as CredentialsSearch;
}

function Filters({
  search,
  onChange,
}: {
  search: CredentialsSearch;
  onChange: (next: Partial<CredentialsSearch>) => void;
}) {
  return (
    <Group gap="xs">
      <TextInput
        aria-label="Search credentials"
        placeholder="Search name, account, ARN, tag"
        leftSection={<IconSearch size={15} />}
        value={search.text ?? ""}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        style={{ flex: "1 1 220px" }}
        maw={{ sm: 340 }}
      />
      <Select
        aria-label="Method"
        placeholder="Any method"
        clearable
        w={{ base: "calc(50% - 5px)", sm: 190 }}
        data={authenticationMethods.map((method) => ({ value: method, label: methodTitles[method] }))}
        value={search.method ?? null}
        onChange={(method) => onChange({ method: (method as AuthenticationMethod | null) ?? undefined })}
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        clearable
        w={{ base: "calc(50% - 5px)", sm: 150 }}
        data={statusLabels}
        value={search.status ?? null}
        onChange={(status) => onChange({ status: (status as CredentialStatus | null) ?? undefined })}
      />
      <Select
        aria-label="Sort"
        w={{ base: "100%", sm: 160 }}
        allowDeselect={false}
        data={[
          { value: "name", label: "By name" },
          { value: "status", label: "Worst first" },
          { value: "age", label: "Oldest key first" },
        ]}
        value={search.sort ?? "name"}
        onChange={(sort) =>
          onChange({ sort: sort === "name" ? undefined : (sort as CredentialsSearch["sort"]) })
        }
      />
    </Group>
  );
}

function TileSkeletons() {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="sm" aria-label="Loading">
      {["a", "b", "c", "d"].map((key) => (
        <Card key={key} withBorder h={196}>
          <Group gap="sm" wrap="nowrap">
            <Skeleton h={34} w={34} />
            <Skeleton h={14} w="60%" />
          </Group>
          <Skeleton h={12} w="45%" mt="lg" />
          <Skeleton h={12} w="75%" mt="sm" />
          <Skeleton h={18} w={80} mt="md" radius="xl" />
        </Card>
      ))}
    </SimpleGrid>
  );
}

function DeleteCredential({
  credential,
  onClose,
  onDeleted,
}: {
  credential: Credential | null;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const queryClient = useQueryClient();
  const removal = useMutation({
    mutationFn: (id: string) => deleteCredential(id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["credentials"] });
      notifySuccess(`${credential?.name ?? "The credential"} is deleted.`);
      removal.reset();
      onDeleted();
    },
  });
  const close = () => {
    removal.reset();
    onClose();
  };
  return (
    <ConfirmModal
      opened={credential !== null}
      title="Delete credential"
      confirmLabel="Delete"
      busy={removal.isPending}
      error={removal.error}
      onConfirm={() => credential !== null && removal.mutate(credential.id)}
      onClose={close}
    >
      <Stack gap="xs">
        <span>
          Delete <b>{credential?.name}</b> and destroy its secrets? This cannot be undone.
        </span>
        {credential !== null && credential.usedBy.length > 0 && (
          <div>
            It is in use, so the server will refuse until these point elsewhere:
            <List size="sm" mt={4}>
              {credential.usedBy.map((user) => (
                <List.Item key={user.id}>
                  <Anchor
                    size="sm"
                    renderRoot={(root) => <Link to="/integrations/$id" params={{ id: user.id }} {...root} />}
                  >
                    {user.name}
                  </Anchor>
                </List.Item>
              ))}
            </List>
          </div>
        )}
      </Stack>
    </ConfirmModal>
  );
}
