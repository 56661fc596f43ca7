import { ActionIcon, Group, Menu, Table, Text, Tooltip } from "@mantine/core";
import type { ApiKey } from "@nephoscope/contract";
import {
  IconAlertTriangle,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { setKeyStatus } from "../../api/keys.ts";
import { useCan } from "../../api/session.ts";
import { ActionsHeading } from "../../ui/actions-heading.tsx";
import { AuditMenuItem } from "../../ui/audit-link.tsx";
import { CopyableCode } from "../../ui/copy.tsx";
import { focusAgain } from "../../ui/focus.ts";
import { notifyFailure, notifySuccess } from "../../ui/notify.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { type Mood, StatusBadge } from "../../ui/status-badge.tsx";
import { TableOrCards } from "../../ui/table-or-cards.tsx";
import { DeleteKey, ResetKey } from "./change-key.tsx";
import { endsSoon } from "./key-age.ts";

/** What is about to happen to which key. */
interface Intent {
  what: "reset" | "delete";
  key: ApiKey;
  /** Gets the focus back. */
  opener: HTMLElement | null;
}

export function KeysTable({ keys }: { keys: readonly ApiKey[] }) {
  const [intent, setIntent] = useState<Intent | null>(null);
  const close = () => {
    setIntent(null);
    focusAgain(intent?.opener);
  };
  const keyFor = (what: Intent["what"]) => (intent?.what === what ? intent.key : null);
  return (
    <>
      <TableOrCards
        items={keys}
        keyOf={(key) => key.id}
        headings={
          <>
            <Table.Th>User</Table.Th>
            <Table.Th>Key id</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Created</Table.Th>
            <Table.Th>Expires</Table.Th>
            <Table.Th>Last used</Table.Th>
            <ActionsHeading width={44} />
          </>
        }
        cells={(key) => (
          <>
            <Table.Td fw={550} style={{ overflowWrap: "anywhere" }}>
              {key.userName}
            </Table.Td>
            <Table.Td>
              <CopyableCode value={key.id} what="key id" />
            </Table.Td>
            <Table.Td>
              <KeyStatus status={key.status} />
            </Table.Td>
            <Table.Td>
              <RelativeTime at={key.createdAt} />
            </Table.Td>
            <Table.Td>
              <Expiry apiKey={key} />
            </Table.Td>
            <Table.Td>
              <RelativeTime at={key.lastUsedAt} />
            </Table.Td>
            <Table.Td>
              <KeyMenu apiKey={key} onIntent={setIntent} />
            </Table.Td>
          </>
        )}
        card={(key) => (
          <>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="sm" fw={600} truncate title={key.userName}>
                {key.userName}
              </Text>
              <Group gap={4} wrap="nowrap">
                <KeyStatus status={key.status} />
                <KeyMenu apiKey={key} onIntent={setIntent} />
              </Group>
            </Group>
            <CopyableCode value={key.id} what="key id" />
            <Group gap="md" mt={6} fz="xs" c="dimmed">
              <span>
                Expires <Expiry apiKey={key} />
              </span>
              <span>
                Used <RelativeTime at={key.lastUsedAt} />
              </span>
              <span>
                Created <RelativeTime at={key.createdAt} />
              </span>
            </Group>
          </>
        )}
      />
      <ResetKey apiKey={keyFor("reset")} onClose={close} />
      <DeleteKey apiKey={keyFor("delete")} onClose={close} />
    </>
  );
}

const moods: Record<ApiKey["status"], { mood: Mood; detail: string }> = {
  Active: { mood: "good", detail: "" },
  Inactive: { mood: "paused", detail: "Senders that show it are refused until it is activated." },
  Expired: { mood: "bad", detail: "Senders that show it are refused. An expired key can only be deleted." },
};

const KeyStatus = ({ status }: { status: ApiKey["status"] }) => (
  <StatusBadge {...moods[status]} label={status} />
);

function Expiry({ apiKey }: { apiKey: ApiKey }) {
  if (apiKey.expiresAt === null) {
    return (
      <Text span inherit c="dimmed">
        never
      </Text>
    );
  }
  const warns = apiKey.status !== "Expired" && endsSoon(apiKey.expiresAt, Date.now());
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <RelativeTime at={apiKey.expiresAt} {...(warns ? { fw: 600 } : {})} />
      {warns && (
        <Tooltip
          label="Expires soon. Generate the user's second key, move the sender over, then delete this one."
          multiline
          maw={300}
        >
          <IconAlertTriangle
            size={15}
            role="img"
            aria-label="Expires soon"
            color="var(--mantine-color-yellow-light-color)"
          />
        </Tooltip>
      )}
    </Group>
  );
}

function KeyMenu({ apiKey, onIntent }: { apiKey: ApiKey; onIntent: (intent: Intent) => void }) {
  const can = useCan();
  const queryClient = useQueryClient();
  const target = useRef<HTMLButtonElement>(null);
  const intend = (what: Intent["what"]) => onIntent({ what, key: apiKey, opener: target.current });
  const next = apiKey.status === "Active" ? "Inactive" : "Active";
  const change = useMutation({
    mutationFn: () => setKeyStatus(apiKey.id, next),
    onSuccess: () =>
      notifySuccess(
        next === "Active"
          ? "The key is active again."
          : "The key is deactivated; it is refused within a second.",
      ),
    onError: (error) => notifyFailure("The key was not changed", error),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["keys"] }),
  });
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon
          ref={target}
          variant="subtle"
          color="gray"
          aria-label={`Actions for key ${apiKey.id}`}
          loading={change.isPending}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <AuditMenuItem label="What it was used for" of={{ key: apiKey.id }} />
        {apiKey.status !== "Expired" && (
          <>
            <Menu.Item
              leftSection={next === "Active" ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
              disabled={!can("iam:UpdateServiceSpecificCredential")}
              onClick={() => change.mutate()}
            >
              {next === "Active" ? "Activate" : "Deactivate"}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconRefresh size={15} />}
              disabled={!can("iam:ResetServiceSpecificCredential")}
              onClick={() => intend("reset")}
            >
              Reset…
            </Menu.Item>
          </>
        )}
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={15} />}
          disabled={!can("iam:DeleteServiceSpecificCredential")}
          onClick={() => intend("delete")}
        >
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
