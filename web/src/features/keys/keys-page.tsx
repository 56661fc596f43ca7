import { Anchor, Button, Group, List, Pagination, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { keysQuery } from "../../api/keys.ts";
import { usersQuery } from "../../api/server.ts";
import { useCan } from "../../api/session.ts";
import { Empty } from "../../ui/empty.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Page } from "../../ui/page.tsx";
import { LogsNav } from "../logs/logs-nav.tsx";
import { CreateKeyModal } from "./create-key-modal.tsx";
import { KeysTable } from "./keys-table.tsx";
import type { KeysSearch } from "./search.ts";

const routeApi = getRouteApi("/logs/keys");

const pageSize = 100;

export function KeysPage() {
  const can = useCan();
  const { user, page = 1 } = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const change = (next: KeysSearch) => void navigate({ search: next });
  const keys = useQuery(
    keysQuery({ ...(user === undefined ? {} : { user }), offset: (page - 1) * pageSize, limit: pageSize }),
  );
  const [formOpened, form] = useDisclosure(false);
  const total = keys.data?.totalItems ?? 0;
  const none = keys.data !== undefined && total === 0 && user === undefined;
  const addButton = can("iam:CreateServiceSpecificCredential") ? (
    <Button leftSection={<IconPlus size={16} />} onClick={form.open}>
      Generate API key
    </Button>
  ) : undefined;
  return (
    <Page
      title="API keys"
      description="Senders of logs show one as a bearer token. A key belongs to a user, whose policies say what it may do; a user has at most two."
      actions={none ? undefined : addButton}
    >
      <LogsNav />
      {keys.isPending && <Skeleton h={180} aria-label="Loading" />}
      {keys.isError && (
        <ErrorPanel
          error={keys.error}
          title="API keys cannot be listed"
          onRetry={() => void keys.refetch()}
        />
      )}
      {none && <NoKeys action={addButton} />}
      {keys.data !== undefined && !none && (
        <Stack gap="sm">
          {(total > 1 || user !== undefined) && (
            <UserSelect
              shown={keys.data.items.map((key) => key.userName)}
              user={user}
              onChange={(next) => change(next === null ? {} : { user: next })}
            />
          )}
          {total === 0 ? (
            <Text size="sm" c="dimmed">
              {user} has no API key.
            </Text>
          ) : (
            <KeysTable keys={keys.data.items} />
          )}
          {total > pageSize && (
            <Group justify="flex-end">
              <Pagination
                size="sm"
                total={Math.ceil(total / pageSize)}
                value={page}
                onChange={(next) => change({ ...(user === undefined ? {} : { user }), page: next })}
                getControlProps={(control) => ({ "aria-label": `${control} page` })}
              />
            </Group>
          )}
        </Stack>
      )}
      <CreateKeyModal opened={formOpened} onClose={form.close} />
    </Page>
  );
}

interface UserSelectProps {
  /** Users of the keys on this page, for those who may not list users. */
  shown: readonly string[];
  user: string | undefined;
  onChange: (user: string | null) => void;
}

function UserSelect({ shown, user, onChange }: UserSelectProps) {
  const can = useCan();
  const users = useQuery({ ...usersQuery, enabled: can("iam:ListUsers") });
  const names = users.data?.items.map(({ name }) => name) ?? shown;
  return (
    <Select
      aria-label="Only keys of a user"
      placeholder="All users"
      data={[...new Set([...names, ...(user === undefined ? [] : [user])])].sort()}
      value={user ?? null}
      onChange={onChange}
      clearable
      searchable
      maw={280}
    />
  );
}

function NoKeys({ action }: { action: ReactNode }) {
  return (
    <Empty icon={<IconKey size={22} />} title="No API keys yet" action={action}>
      <Text size="sm" mb={6}>
        Software that can only POST with a bearer token needs three things to send its logs:
      </Text>
      <List size="sm" type="ordered" ta="left" spacing={2}>
        <List.Item>An API key, whose value is shown once when it is generated.</List.Item>
        <List.Item>
          A{" "}
          <Anchor inherit renderRoot={(root) => <Link to="/logs/groups" {...root} />}>
            log group
          </Anchor>{" "}
          and a stream in it.
        </List.Item>
        <List.Item>The switch of the group that lets it take API keys.</List.Item>
      </List>
    </Empty>
  );
}
