import { Button, Group, Pagination, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { logGroupsQuery } from "../../api/logs.ts";
import { useCan } from "../../api/session.ts";
import { Empty } from "../../ui/empty.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { formatInteger } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { withoutUndefined } from "../../ui/search-params.ts";
import { CreateGroupModal } from "./create-group-modal.tsx";
import { GroupsTable } from "./groups-table.tsx";
import { LogsNav } from "./logs-nav.tsx";
import { NoGroups } from "./no-groups.tsx";
import type { GroupSort, LogGroupsSearch } from "./search.ts";

const routeApi = getRouteApi("/logs/groups");
const pageSize = 50;

export function LogGroupsPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const can = useCan();
  const change = (next: { [K in keyof LogGroupsSearch]?: LogGroupsSearch[K] | undefined }) =>
    void navigate({
      search: (old) => withoutUndefined<LogGroupsSearch>({ ...old, page: undefined, ...next }),
    });
  const page = search.page ?? 1;
  const list = useQuery(
    logGroupsQuery({
      ...(search.text === undefined ? {} : { text: search.text }),
      orderBy: search.sort ?? "name",
      descending: search.order === "desc",
      offset: (page - 1) * pageSize,
      limit: pageSize,
    }),
  );
  const total = list.data?.totalItems ?? 0;
  const none = list.data !== undefined && total === 0 && search.text === undefined;
  const sortBy = (sort: GroupSort) =>
    change({
      sort: sort === "name" ? undefined : sort,
      order: (search.sort ?? "name") === sort && search.order === undefined ? "desc" : undefined,
    });
  const openForm = () => change({ create: true, page: search.page });
  return (
    <Page
      title="Log groups"
      description="What logs are kept, for how long, and who may send them."
      actions={
        can("logs:CreateLogGroup") && !none ? (
          <Button leftSection={<IconPlus size={16} />} onClick={openForm}>
            Create log group
          </Button>
        ) : undefined
      }
    >
      <LogsNav />
      <Stack gap="sm">
        {(search.text !== undefined || total > 0) && (
          <SearchField
            value={search.text ?? ""}
            onChange={(text) => change({ text: text === "" ? undefined : text })}
          />
        )}
        {list.isPending && <Skeleton h={220} aria-label="Loading" />}
        {list.isError && (
          <ErrorPanel
            error={list.error}
            title="Log groups cannot be listed"
            onRetry={() => void list.refetch()}
          />
        )}
        {none && <NoGroups onCreate={openForm} />}
        {list.data !== undefined && total === 0 && search.text !== undefined && (
          <Empty icon={<IconSearch size={22} />} title="No group has this in its name">
            <Button variant="default" onClick={() => change({ text: undefined })}>
              Show all groups
            </Button>
          </Empty>
        )}
        {list.data !== undefined && total > 0 && (
          <>
            <GroupsTable
              groups={list.data.items}
              sort={search.sort ?? "name"}
              descending={search.order === "desc"}
              onSort={sortBy}
            />
            <Group justify="space-between">
              <Text size="xs" c="dimmed" className="numbers">
                {total === 1 ? "1 log group" : `${formatInteger(total)} log groups`}
              </Text>
              {total > pageSize && (
                <Pagination
                  size="sm"
                  total={Math.ceil(total / pageSize)}
                  value={page}
                  onChange={(next) => change({ page: next })}
                  getControlProps={(control) => ({ "aria-label": `${control} page` })}
                />
              )}
            </Group>
          </>
        )}
      </Stack>
      <CreateGroupModal
        opened={search.create === true}
        onClose={() => change({ create: undefined, page: search.page })}
      />
    </Page>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback(onChange, 250);
  return (
    <TextInput
      aria-label="Search log groups"
      placeholder="Part of a name"
      leftSection={<IconSearch size={15} />}
      maw={360}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value.trim());
      }}
    />
  );
}
