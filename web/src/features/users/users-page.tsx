import { ActionIcon, Badge, Button, Group, Skeleton, Table, Text, Tooltip } from "@mantine/core";
import type { User } from "@nephoscope/contract";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { deleteUser, usersQuery } from "../../api/server.ts";
import { sessionQuery, useCan } from "../../api/session.ts";
import { ActionsHeading } from "../../ui/actions-heading.tsx";
import { AuditLink } from "../../ui/audit-link.tsx";
import { ConfirmModal } from "../../ui/confirm-modal.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { focusAgain } from "../../ui/focus.ts";
import { notifySuccess } from "../../ui/notify.ts";
import { Page } from "../../ui/page.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { TableOrCards } from "../../ui/table-or-cards.tsx";
import { UserModal } from "./user-modal.tsx";

export function UsersPage() {
  const can = useCan();
  const users = useQuery(usersQuery);
  const { data: session } = useQuery(sessionQuery);
  const [editing, setEditing] = useState<User | "new" | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const edit = (user: User | "new", button: HTMLElement) => {
    opener.current = button;
    setEditing(user);
  };
  const [deleting, setDeleting] = useState<User | null>(null);
  const isSelf = (user: User) => user.name === session?.user;
  const actions = (user: User) => (
    <UserActions
      user={user}
      isSelf={isSelf(user)}
      onEdit={(button) => edit(user, button)}
      onDelete={() => setDeleting(user)}
    />
  );
  return (
    <Page
      title="Users"
      width="narrow"
      description="Who may sign in, and what the policies let them do."
      actions={
        can("iam:CreateUser") ? (
          <Button leftSection={<IconPlus size={16} />} onClick={(event) => edit("new", event.currentTarget)}>
            Add user
          </Button>
        ) : undefined
      }
    >
      {users.isPending && <Skeleton h={160} aria-label="Loading" />}
      {users.isError && (
        <ErrorPanel error={users.error} title="Users cannot be listed" onRetry={() => void users.refetch()} />
      )}
      {users.data !== undefined && (
        <TableOrCards
          items={users.data.items}
          keyOf={(user) => user.name}
          headings={
            <>
              <Table.Th>Name</Table.Th>
              <Table.Th>Policies</Table.Th>
              <Table.Th>Last sign-in</Table.Th>
              <Table.Th>Added</Table.Th>
              <ActionsHeading width={112} />
            </>
          }
          cells={(user) => (
            <>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <UserName user={user} isSelf={isSelf(user)} />
              </Table.Td>
              <Table.Td>
                <Policies user={user} />
              </Table.Td>
              <Table.Td>
                <LastSignIn user={user} />
              </Table.Td>
              <Table.Td>
                <RelativeTime at={user.createdAt} />
              </Table.Td>
              <Table.Td>{actions(user)}</Table.Td>
            </>
          )}
          card={(user) => (
            <>
              <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
                <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
                  <UserName user={user} isSelf={isSelf(user)} />
                </Text>
                {actions(user)}
              </Group>
              <Policies user={user} />
              <Group gap="md" mt={8} fz="xs" c="dimmed">
                <span>
                  {user.hasPassword && "Signed in "}
                  <LastSignIn user={user} />
                </span>
                <span>
                  Added <RelativeTime at={user.createdAt} />
                </span>
              </Group>
            </>
          )}
        />
      )}
      <UserModal
        key={editing === null ? "closed" : editing === "new" ? "new" : editing.name}
        opened={editing !== null}
        user={editing === "new" || editing === null ? undefined : editing}
        onClose={() => {
          setEditing(null);
          focusAgain(opener.current);
        }}
      />
      <DeleteUser user={deleting} onClose={() => setDeleting(null)} />
    </Page>
  );
}

function UserName({ user, isSelf }: { user: User; isSelf: boolean }) {
  return (
    <>
      <Text span inherit fw={550}>
        {user.name}
      </Text>
      {isSelf && (
        <Text span size="xs" c="dimmed">
          {" "}
          (you)
        </Text>
      )}
    </>
  );
}

function Policies({ user }: { user: User }) {
  return (
    <Group gap={4}>
      {user.policies.map((policy) => (
        <Badge key={policy} color={policy === "AdministratorAccess" ? "sky" : "gray"}>
          {policy}
        </Badge>
      ))}
      {user.inlinePolicies.map((policy) => (
        <Badge key={`inline ${policy}`} variant="outline" color="gray">
          {policy} (inline)
        </Badge>
      ))}
    </Group>
  );
}

function LastSignIn({ user }: { user: User }) {
  if (user.hasPassword) return <RelativeTime at={user.lastSignInAt} />;
  return (
    <Text span inherit c="dimmed">
      No password
    </Text>
  );
}

interface UserActionsProps {
  user: User;
  isSelf: boolean;
  onEdit: (button: HTMLElement) => void;
  onDelete: () => void;
}

function UserActions({ user, isSelf, onEdit, onDelete }: UserActionsProps) {
  const can = useCan();
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <AuditLink tooltip="What they did" label={`What ${user.name} did`} of={{ userName: user.name }} />
      <Tooltip label="Change" openDelay={300}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Change ${user.name}`}
          disabled={!can("iam:UpdateUser")}
          onClick={(event) => onEdit(event.currentTarget)}
        >
          <IconPencil size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={isSelf ? "You cannot delete yourself" : "Delete"} openDelay={300}>
        <ActionIcon
          variant="subtle"
          color="red"
          aria-label={`Delete ${user.name}`}
          disabled={!can("iam:DeleteUser") || isSelf}
          onClick={onDelete}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function DeleteUser({ user, onClose }: { user: User | null; onClose: () => void }) {
  const queryClient = useQueryClient();
  const removal = useMutation({
    mutationFn: (name: string) => deleteUser(name),
    onSuccess: async (_answer, name) => {
      await queryClient.invalidateQueries({ queryKey: ["users"] });
      notifySuccess(`${name} is deleted.`);
      onClose();
    },
  });
  return (
    <ConfirmModal
      opened={user !== null}
      title="Delete user"
      confirmLabel="Delete"
      busy={removal.isPending}
      error={removal.error}
      onConfirm={() => user !== null && removal.mutate(user.name)}
      onClose={() => {
        removal.reset();
        onClose();
      }}
    >
      <b>{user?.name}</b> is signed out at once, and their tokens stop working.
    </ConfirmModal>
  );
}
