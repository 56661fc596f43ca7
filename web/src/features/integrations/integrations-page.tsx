import { Button, Group, Pagination, Select, Skeleton, Stack, Tabs, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import type { IntegrationSummary } from "@nephoscope/contract";
import { IconCloudDataConnection, IconPlus, IconSearch, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { integrationsQuery } from "../../api/integrations.ts";
import { useCan } from "../../api/session.ts";
import { Empty } from "../../ui/empty.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { integrationStateChoices } from "../../ui/integration-state-badge.tsx";
import { Page } from "../../ui/page.tsx";
import { DeleteIntegration, type Removal } from "./delete-integration.tsx";
import { IntegrationsList } from "./integrations-list.tsx";
import type { IntegrationSort, IntegrationState, IntegrationsSearch } from "./search.ts";

const path = "/integrations";
const routeApi = getRouteApi(path);
const pageSize = 25;

export function IntegrationsPage() {
  const can = useCan();
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const change = (next: { [K in keyof IntegrationsSearch]?: IntegrationsSearch[K] | undefined }) =>
    void navigate({ search: (old) => dropEmpty({ ...old, page: undefined, ...next }), replace: true });
  const trash = search.tab === "trash";
  const page = search.page ?? 1;
  const list = useQuery(
    integrationsQuery({
      text: search.text,
      state: trash ? undefined : search.state,
      sort: search.sort ?? "name",
      order: search.order ?? "asc",
      offset: (page - 1) * pageSize,
      limit: pageSize,
      deleted: trash || undefined,
    }),
  );
  const [removal, setRemoval] = useState<Removal | null>(null);
  const filtered = search.text !== undefined || search.state !== undefined;
  const sortBy = (sort: IntegrationSort) =>
    change({
      sort: sort === "name" ? undefined : sort,
      order: (search.sort ?? "name") === sort && search.order === undefined ? "desc" : undefined,
    });
  return (
    <Page
      title="Integrations"
      description="Scheduled collection from AWS services."
      actions={
        // An empty list has the same button in its middle.
        can("integrations:Create") && (filtered || trash || list.data?.totalItems !== 0) ? (
          <AddButton />
        ) : undefined
      }
    >
      <Tabs
        value={trash ? "trash" : "active"}
        onChange={(tab) => change({ tab: tab === "trash" ? "trash" : undefined, state: undefined })}
        mb="sm"
      >
        <Tabs.List>
          <Tabs.Tab value="active" leftSection={<IconCloudDataConnection size={15} />}>
            Active
          </Tabs.Tab>
          <Tabs.Tab value="trash" leftSection={<IconTrash size={15} />}>
            Trash
          </Tabs.Tab>
        </Tabs.List>
      </Tabs>
      <Stack gap="sm">
        {(filtered || (list.data?.totalItems ?? 0) > 0) && (
          <Filters search={search} trash={trash} onChange={change} />
        )}
        {list.isPending && <ListSkeleton />}
        {list.isError && (
          <ErrorPanel
            error={list.error}
            title="Integrations cannot be listed"
            onRetry={() => void list.refetch()}
          />
        )}
        {list.data !== undefined && list.data.totalItems > 0 && (
          <>
            <IntegrationsList
              integrations={list.data.items}
              trash={trash}
              sort={search.sort ?? "name"}
              descending={search.order === "desc"}
              onSort={sortBy}
              onRemove={(integration: IntegrationSummary, forever: boolean) =>
                setRemoval({ id: integration.id, name: integration.name, forever })
              }
            />
            <Group justify="space-between">
              <Text size="xs" c="dimmed" className="numbers">
                {list.data.totalItems === 1 ? "1 integration" : `${list.data.totalItems} integrations`}
              </Text>
              {list.data.totalItems > pageSize && (
                <Pagination
                  size="sm"
                  total={Math.ceil(list.data.totalItems / pageSize)}
                  value={page}
                  onChange={(next) => change({ page: next })}
                  getControlProps={(control) => ({ "aria-label": `${control} page` })}
                />
              )}
            </Group>
          </>
        )}
        {list.data?.totalItems === 0 && (
          <NothingHere trash={trash} filtered={filtered} mayAdd={can("integrations:Create")} />
        )}
      </Stack>
      <DeleteIntegration
        removal={removal}
        onClose={() => setRemoval(null)}
        onDeleted={() => setRemoval(null)}
      />
    </Page>
  );
}

function dropEmpty(search: { [K in keyof IntegrationsSearch]?: IntegrationsSearch[K] | undefined }) {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ""),
  ) as IntegrationsSearch;
}

interface FiltersProps {
  search: IntegrationsSearch;
  trash: boolean;
  onChange: (next: { text?: string; state?: IntegrationState | undefined }) => void;
}

function Filters({ search, trash, onChange }: FiltersProps) {
  const [text, setText] = useState(search.text ?? "");
  const searchFor = useDebouncedCallback((value: string) => {
    // The page may be on its way out while it is still drawn.
    if (window.location.pathname === path) onChange({ text: value });
  }, 250);
  return (
    <Group gap="xs">
      <TextInput
        aria-label="Search integrations"
        placeholder="Search by name"
        leftSection={<IconSearch size={15} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          searchFor(event.currentTarget.value);
        }}
        style={{ flex: "1 1 200px" }}
        maw={{ sm: 320 }}
      />
      {!trash && (
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          w={{ base: "100%", sm: 180 }}
          data={integrationStateChoices}
          value={search.state ?? null}
          onChange={(state) => onChange({ state: (state as IntegrationState | null) ?? undefined })}
        />
      )}
    </Group>
  );
}

function ListSkeleton() {
  return (
    <Stack gap={6} aria-label="Loading">
      {["a", "b", "c", "d"].map((key) => (
        <Skeleton key={key} h={44} />
      ))}
    </Stack>
  );
}

function AddButton() {
  return (
    <Button
      leftSection={<IconPlus size={16} />}
      renderRoot={(root) => <Link to="/integrations/add" {...root} />}
    >
      Add integration
    </Button>
  );
}

function NothingHere({ trash, filtered, mayAdd }: { trash: boolean; filtered: boolean; mayAdd: boolean }) {
  if (filtered) {
    return (
      <Text size="sm" c="dimmed">
        No integration matches the filters.
      </Text>
    );
  }
  if (trash) {
    return (
      <Empty icon={<IconTrash size={22} />} title="The trash is empty">
        Deleted integrations wait here until they are restored or deleted forever.
      </Empty>
    );
  }
  return (
    <Empty
      icon={<IconCloudDataConnection size={22} />}
      title="Nothing is collected yet"
      action={mayAdd && <AddButton />}
    >
      An integration reads CloudWatch metrics of one account on a schedule, with one of your credentials.
    </Empty>
  );
}
