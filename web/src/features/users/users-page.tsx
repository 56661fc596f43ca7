import { ActionIcon, Badge, Button, Card, Group, Skeleton, Table, Text, Tooltip } from "@mantine/core";
import type { User } from "@nephoscope/contract";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { deleteUser, usersQuery } from "../../api/server.ts";
import { sessionQuery, useCan } from "../../api/session.ts";
import { ActionsHeading } from "../../ui/actions-heading.tsx";
import { ConfirmModal } from "../../ui/confirm-modal.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { focusAgain } from "../../ui/focus.ts";
import { notifySuccess } from "../../ui/notify.ts";
import { Page } from "../../ui/page.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
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
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={520}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Policies</Table.Th>
                  <Table.Th>Last sign-in</Table.Th>
                  <Table.Th>Added</Table.Th>
                  <ActionsHeading width={80} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {users.data.items.map((user) => (
                  <UserRow
                    key={user.name}
                    user={user}
                    isSelf={user.name === session?.user}
                    onEdit={(button) => edit(user, button)}
                    onDelete={() => setDeleting(user)}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
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

interface UserRowProps {
  user: User;
  isSelf: boolean;
  onEdit: (button: HTMLElement) => void;
  onDelete: () => void;
}

function UserRow({ user, isSelf, onEdit, onDelete }: UserRowProps) {
  const can = useCan();
  return (
    <Table.Tr>
      <Table.Td>
        <Text span inherit fw={550}>
          {user.name}
        </Text>
        {isSelf && (
          <Text span size="xs" c="dimmed">
            {" "}
            (you)
          </Text>
        )}
      </Table.Td>
      <Table.Td>
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
      </Table.Td>
      <Table.Td>
        {user.hasPassword ? (
          <RelativeTime at={user.lastSignInAt} />
        ) : (
          <Text span size="sm" c="dimmed">
            No password
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <RelativeTime at={user.createdAt} />
      </Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap" justify="flex-end">
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
      </Table.Td>
    </Table.Tr>
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
