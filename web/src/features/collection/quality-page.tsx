import { Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../ui/page.tsx";
import { CompletenessList } from "./completeness-list.tsx";
import { GapsTable } from "./gaps-table.tsx";
import { OwedTable } from "./owed-table.tsx";
import { qualitySearchOf } from "./search.ts";

const routeApi = getRouteApi("/data-quality");

export function QualityPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  return (
    <Page
      title="Data quality"
      description="How much of what should be stored is stored, what is still owed, and what is lost."
    >
      <Stack gap="md">
        <CompletenessList />
        <OwedTable
          what={search.what ?? "missing"}
          reason={search.reason}
          onChange={(next) =>
            void navigate({ search: (old) => qualitySearchOf({ ...old, ...next }), replace: true })
          }
        />
        <GapsTable />
      </Stack>
    </Page>
  );
}
