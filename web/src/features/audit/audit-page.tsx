import { Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { Page } from "../../ui/page.tsx";
import { withoutUndefined } from "../../ui/search-params.ts";
import { TimeRangePicker } from "../../ui/time-range-picker.tsx";
import { useUtc } from "../../ui/use-utc.ts";
import { AuditFilters } from "./audit-filters.tsx";
import { AuditResult } from "./audit-result.tsx";
import { auditRanges, defaultAuditRange } from "./ranges.ts";
import type { AuditChange, AuditSearch } from "./search.ts";
import { useAuditSearch } from "./use-audit-search.ts";

const routeApi = getRouteApi("/audit");

/** Who did what, what a key was used for, and what was refused. */
export function AuditPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const [utc, setUtc] = useUtc();
  const [askedAt, setAskedAt] = useState(() => Date.now());
  const ask = useCallback(
    (next: AuditChange) => {
      setAskedAt(Date.now());
      void navigate({ search: (old) => withoutUndefined<AuditSearch>({ ...old, ...next }) });
    },
    [navigate],
  );
  const { pages, events } = useAuditSearch(search, askedAt);
  return (
    <Page
      title="Audit"
      width="full"
      description="Who did what, what each API key was used for, and what was refused."
      actions={
        <TimeRangePicker
          presets={auditRanges}
          choice={search}
          fallback={defaultAuditRange}
          onChange={ask}
          onRefresh={() => ask({})}
          refreshing={pages.isFetching && !pages.isFetchingNextPage}
          utc={utc}
          onUtc={setUtc}
        />
      }
    >
      <Stack gap="sm">
        <AuditFilters search={search} events={events} onChange={ask} />
        <AuditResult search={search} pages={pages} events={events} utc={utc} onUtc={setUtc} onChange={ask} />
      </Stack>
    </Page>
  );
}
