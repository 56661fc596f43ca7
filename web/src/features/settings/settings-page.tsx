import {
  Alert,
  Badge,
  Button,
  Card,
  Code,
  Group,
  Progress,
  Select,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from "@mantine/core";
import { IconRotate } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { credentialsQuery } from "../../api/credentials.ts";
import {
  rotateVault,
  type ServerSettings,
  settingsQuery,
  updateSettings,
  type VaultStatus,
  vaultQuery,
} from "../../api/server.ts";
import { useCan } from "../../api/session.ts";
import { ConfirmModal } from "../../ui/confirm-modal.tsx";
import { CopyableCode } from "../../ui/copy.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatInteger } from "../../ui/format.ts";
import { notifyFailure, notifySuccess } from "../../ui/notify.ts";
import { Page } from "../../ui/page.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";

export function SettingsPage() {
  const can = useCan();
  const settings = useQuery(settingsQuery);
  return (
    <Page title="Settings" width="narrow" description="What is not set by the server's environment.">
      <Stack gap="md">
        {settings.isPending && <Skeleton h={240} aria-label="Loading" />}
        {settings.isError && (
          <ErrorPanel
            error={settings.error}
            title="Settings cannot be shown"
            onRetry={() => void settings.refetch()}
          />
        )}
        {settings.data !== undefined && (
          <>
            <ServerCard settings={settings.data} />
            <BaseCredential settings={settings.data} />
          </>
        )}
        {can("vault:GetStatus") && <Vault />}
      </Stack>
    </Page>
  );
}

const storeTexts = { embedded: "embedded, in the data directory", server: "on a server" };

function ServerCard({ settings }: { settings: ServerSettings }) {
  return (
    <Card withBorder component="section" aria-label="Server">
      <Title order={2} size="h6" mb="sm">
        Server
      </Title>
      <Facts>
        <Fact label="Version">{settings.version}</Fact>
        <Fact label="Account ID">
          <CopyableCode value={settings.accountId} what="account ID" />
        </Fact>
        <Fact label="Control plane (PostgreSQL)">{storeTexts[settings.stores.database]}</Fact>
        <Fact label="Telemetry (ClickHouse)">{storeTexts[settings.stores.telemetry]}</Fact>
      </Facts>
    </Card>
  );
}

function BaseCredential({ settings }: { settings: ServerSettings }) {
  const can = useCan();
  const queryClient = useQueryClient();
  const credentials = useQuery(credentialsQuery);
  const saving = useMutation({
    mutationFn: updateSettings,
    onSuccess: (saved) => {
      queryClient.setQueryData(settingsQuery.queryKey, saved);
      notifySuccess("The base credential is saved.");
    },
    onError: (error) => notifyFailure("Not saved", error),
  });
  return (
    <Card withBorder component="section" aria-label="Base credential">
      <Title order={2} size="h6">
        Base credential
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Assumes the role of integrations that name only a role, as Terraform's Wavefront provider creates
        them.
      </Text>
      <Select
        aria-label="Base credential"
        placeholder="The server's own AWS identity (method default)"
        data={(credentials.data?.items ?? []).map((credential) => ({
          value: credential.id,
          label: credential.name,
        }))}
        value={saving.isPending ? saving.variables : settings.baseCredentialId}
        onChange={(id) => saving.mutate(id)}
        clearable
        searchable
        maw={460}
        disabled={!can("settings:Update") || saving.isPending || credentials.isPending}
      />
    </Card>
  );
}

function Vault() {
  const can = useCan();
  const queryClient = useQueryClient();
  const vault = useQuery(vaultQuery);
  const [asking, setAsking] = useState(false);
  const rotation = useMutation({
    mutationFn: rotateVault,
    onSuccess: async () => {
      setAsking(false);
      await queryClient.invalidateQueries({ queryKey: ["vault"] });
    },
  });
  return (
    <Card withBorder component="section" aria-label="Vault">
      <Group justify="space-between" align="flex-start" mb="sm">
        <div>
          <Title order={2} size="h6">
            Vault
          </Title>
          <Text size="sm" c="dimmed">
            Every secret has its own data key; master keys wrap those.
          </Text>
        </div>
        <Button
          variant="default"
          leftSection={<IconRotate size={16} />}
          disabled={!can("vault:Rotate") || vault.data?.rotation.state === "running"}
          onClick={() => setAsking(true)}
        >
          Rotate keys
        </Button>
      </Group>
      {vault.isPending && <Skeleton h={110} aria-label="Loading" />}
      {vault.isError && (
        <ErrorPanel
          error={vault.error}
          title="The vault does not answer"
          onRetry={() => void vault.refetch()}
        />
      )}
      {vault.data !== undefined && <VaultState status={vault.data} />}
      <ConfirmModal
        opened={asking}
        title="Rotate the vault's keys"
        confirmLabel="Rotate"
        color="sky"
        busy={rotation.isPending}
        error={rotation.error}
        onConfirm={() => rotation.mutate()}
        onClose={() => {
          rotation.reset();
          setAsking(false);
        }}
      >
        Every secret is sealed again under new data keys and the newest master key. Collection goes on
        meanwhile, and an interruption does no harm.
      </ConfirmModal>
    </Card>
  );
}

function VaultState({ status }: { status: VaultStatus }) {
  const { rotation } = status;
  return (
    <Stack gap="sm">
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Master key</Table.Th>
              <Table.Th ta="right">Data keys</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {status.masterKeys.map((key) => (
              <Table.Tr key={key.keyId}>
                <Table.Td>
                  <Code>{key.keyId}</Code>
                </Table.Td>
                <Table.Td ta="right" className="numbers">
                  {formatInteger(key.dataKeys)}
                </Table.Td>
                <Table.Td>
                  {key.keyId === status.writeKeyId && <Badge color="green">writes</Badge>}
                  {key.removable && <Badge color="gray">may be removed</Badge>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {rotation.state === "running" && (
        <Stack gap={4} aria-live="polite">
          <Text size="sm">
            Rotating: {formatInteger(rotation.done)} of {formatInteger(rotation.total)} secrets
          </Text>
          <Progress
            value={rotation.total === 0 ? 0 : (100 * rotation.done) / rotation.total}
            animated
            aria-label="Rotation progress"
          />
        </Stack>
      )}
      {rotation.state === "failed" && (
        <Alert color="red" variant="light" title="The last rotation stopped">
          {rotation.message ?? "Start it again; what was done stays done."}
        </Alert>
      )}
      <Text size="xs" c="dimmed">
        {formatInteger(status.secrets)} secrets · last rotation <RelativeTime at={rotation.finishedAt} />
      </Text>
    </Stack>
  );
}
