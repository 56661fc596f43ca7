import {
  ActionIcon,
  Badge,
  Button,
  Code,
  Group,
  Modal,
  Select,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import type { Token } from "@nephoscope/contract";
import { IconPlus, IconTicket, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createToken, deleteToken, tokensQuery } from "../../api/server.ts";
import { useCan } from "../../api/session.ts";
import { ActionsHeading } from "../../ui/actions-heading.tsx";
import { AuditLink } from "../../ui/audit-link.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { ConfirmModal } from "../../ui/confirm-modal.tsx";
import { Empty } from "../../ui/empty.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { errorsOfRefusal } from "../../ui/form-problems.ts";
import { notifySuccess } from "../../ui/notify.ts";
import { Page } from "../../ui/page.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { ShownOnce } from "../../ui/shown-once.tsx";
import { TableOrCards } from "../../ui/table-or-cards.tsx";

export function TokensPage() {
  const can = useCan();
  const tokens = useQuery(tokensQuery);
  const [formOpened, form] = useDisclosure(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const addButton = can("iam:CreateServiceSpecificCredential") ? (
    <Button leftSection={<IconPlus size={16} />} onClick={form.open}>
      Create token
    </Button>
  ) : undefined;
  return (
    <Page
      title="REST tokens"
      width="narrow"
      description={
        <>
          Programs send one as <Code>Authorization: Bearer …</Code> and may do what you may do.
        </>
      }
      actions={tokens.data?.items.length ? addButton : undefined}
    >
      {tokens.isPending && <Skeleton h={180} aria-label="Loading" />}
      {tokens.isError && (
        <ErrorPanel
          error={tokens.error}
          title="Tokens cannot be listed"
          onRetry={() => void tokens.refetch()}
        />
      )}
      {tokens.data?.items.length === 0 && (
        <Empty icon={<IconTicket size={22} />} title="You have no tokens" action={addButton}>
          A token lets scripts, Terraform or the <Code>nepho</Code> command work in your name.
        </Empty>
      )}
      {tokens.data !== undefined && tokens.data.items.length > 0 && (
        <TokenTable tokens={tokens.data.items} onRevoke={setRevoking} />
      )}
      <CreateTokenModal opened={formOpened} onClose={form.close} />
      <RevokeToken token={revoking} onClose={() => setRevoking(null)} />
    </Page>
  );
}

function TokenTable({ tokens, onRevoke }: { tokens: Token[]; onRevoke: (token: Token) => void }) {
  const actions = (token: Token) => <TokenActions token={token} onRevoke={() => onRevoke(token)} />;
  return (
    <TableOrCards
      items={tokens}
      keyOf={(token) => token.id}
      headings={
        <>
          <Table.Th>Name</Table.Th>
          <Table.Th>Token</Table.Th>
          <Table.Th>Created</Table.Th>
          <Table.Th>Last used</Table.Th>
          <Table.Th>Expires</Table.Th>
          <ActionsHeading width={80} />
        </>
      }
      cells={(token) => (
        <>
          <Table.Td fw={550} style={{ overflowWrap: "anywhere" }}>
            {token.name}
          </Table.Td>
          <Table.Td>
            <Code>…{token.hint}</Code>
          </Table.Td>
          <Table.Td>
            <RelativeTime at={token.createdAt} />
          </Table.Td>
          <Table.Td>
            <RelativeTime at={token.lastUsedAt} />
          </Table.Td>
          <Table.Td>
            <Expiry token={token} />
          </Table.Td>
          <Table.Td>{actions(token)}</Table.Td>
        </>
      )}
      card={(token) => (
        <>
          <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
            <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
              {token.name} <Code>…{token.hint}</Code>
            </Text>
            {actions(token)}
          </Group>
          <Group gap="md" mt={6} fz="xs" c="dimmed">
            <span>
              {token.status === "active" && "Expires "}
              <Expiry token={token} />
            </span>
            <span>
              Used <RelativeTime at={token.lastUsedAt} />
            </span>
            <span>
              Created <RelativeTime at={token.createdAt} />
            </span>
          </Group>
        </>
      )}
    />
  );
}

function Expiry({ token }: { token: Token }) {
  if (token.status === "active") return <RelativeTime at={token.expiresAt} />;
  return <Badge color={token.status === "expired" ? "red" : "gray"}>{token.status}</Badge>;
}

function TokenActions({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <AuditLink
        tooltip="What it was used for"
        label={`What ${token.name} was used for`}
        of={{ key: token.id }}
      />
      <Tooltip label="Revoke" openDelay={300}>
        <ActionIcon variant="subtle" color="red" aria-label={`Revoke ${token.name}`} onClick={onRevoke}>
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

const lifetimes = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never" },
];

function CreateTokenModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { name: "", lifetime: "90" },
    validate: { name: (name) => (name.trim() === "" ? "A name is needed." : null) },
  });
  const creation = useMutation({
    mutationFn: (values: { name: string; lifetime: string }) =>
      createToken({
        name: values.name.trim(),
        expiresInDays: values.lifetime === "never" ? null : Number(values.lifetime),
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["tokens"] }),
    onError: (error) => form.setErrors(errorsOfRefusal(error)),
  });
  const created = creation.data;
  const close = () => {
    form.reset();
    creation.reset();
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={created === undefined ? "Create REST token" : `Token ${created.name}`}
      closeOnClickOutside={created === undefined}
      closeOnEscape={created === undefined}
      centered
      size={created === undefined ? "md" : "lg"}
    >
      {created === undefined ? (
        <form onSubmit={form.onSubmit((values) => creation.mutate(values))}>
          <Stack gap="sm">
            {creation.isError && <ErrorPanel error={creation.error} hideFields />}
            <TextInput
              label="Name"
              description="What will use it."
              placeholder="terraform"
              data-autofocus
              {...form.getInputProps("name")}
            />
            <Select
              label="Expires after"
              data={lifetimes}
              allowDeselect={false}
              {...form.getInputProps("lifetime")}
            />
            <Group justify="flex-end" gap="xs" mt={4}>
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={creation.isPending}>
                Create token
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="sm">
          <ShownOnce value={created.value} what="token" note="Copy it now: it is shown only this once." />
          <Text size="sm">Try it:</Text>
          <CodeBlock
            text={`curl -H "Authorization: Bearer ${created.value}" \\\n  ${window.location.origin}/api/v1/overview`}
            what="command"
            wrap
          />
          <Group justify="flex-end">
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function RevokeToken({ token, onClose }: { token: Token | null; onClose: () => void }) {
  const queryClient = useQueryClient();
  const removal = useMutation({
    mutationFn: (id: string) => deleteToken(id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["tokens"] });
      notifySuccess("The token is revoked.");
      onClose();
    },
  });
  return (
    <ConfirmModal
      opened={token !== null}
      title="Revoke token"
      confirmLabel="Revoke"
      busy={removal.isPending}
      error={removal.error}
      onConfirm={() => token !== null && removal.mutate(token.id)}
      onClose={() => {
        removal.reset();
        onClose();
      }}
    >
      Programs that use <b>{token?.name}</b> are refused from then on.
    </ConfirmModal>
  );
}
