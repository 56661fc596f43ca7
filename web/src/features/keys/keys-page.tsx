import { Anchor, Button, List, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { keysQuery } from "../../api/keys.ts";
import { useCan } from "../../api/session.ts";
import { Empty } from "../../ui/empty.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Page } from "../../ui/page.tsx";
import { LogsNav } from "../logs/logs-nav.tsx";
import { CreateKeyModal } from "./create-key-modal.tsx";
import { KeysTable } from "./keys-table.tsx";

export function KeysPage() {
  const can = useCan();
  const keys = useQuery(keysQuery({ limit: 1000 }));
  const [formOpened, form] = useDisclosure(false);
  const [user, setUser] = useState<string | null>(null);
  const all = keys.data?.items ?? [];
  const users = [...new Set(all.map((key) => key.userName))].sort();
  const shown = user === null ? all : all.filter((key) => key.userName === user);
  const addButton = can("iam:CreateServiceSpecificCredential") ? (
    <Button leftSection={<IconPlus size={16} />} onClick={form.open}>
      Generate API key
    </Button>
  ) : undefined;
  return (
    <Page
      title="API keys"
      description="Senders of logs show one as a bearer token. A key belongs to a user, whose policies say what it may do; a user has at most two."
      actions={all.length > 0 ? addButton : undefined}
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
      {keys.data !== undefined && all.length === 0 && <NoKeys action={addButton} />}
      {all.length > 0 && (
        <Stack gap="sm">
          {users.length > 1 && (
            <Select
              aria-label="Only keys of a user"
              placeholder="All users"
              data={users}
              value={user}
              onChange={setUser}
              clearable
              searchable
              maw={280}
            />
          )}
          <KeysTable keys={shown} />
        </Stack>
      )}
      <CreateKeyModal opened={formOpened} onClose={form.close} />
    </Page>
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
