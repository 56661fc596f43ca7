import { ActionIcon, Box, Card, Group, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import type { TrailEvent } from "@nephoscope/contract";
import { IconDownload } from "@tabler/icons-react";
import { downloadText } from "../../ui/download.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { formatInteger } from "../../ui/format.ts";
import { LoadMore } from "../../ui/load-more.tsx";
import { ZoneSwitch } from "../../ui/zone-switch.tsx";
import { AuditEmpty } from "./audit-empty.tsx";
import { toNdjson } from "./record-facts.ts";
import { RecordList } from "./record-list.tsx";
import type { AuditChange, AuditSearch } from "./search.ts";
import type { useAuditSearch } from "./use-audit-search.ts";

interface AuditResultProps {
  search: AuditSearch;
  pages: ReturnType<typeof useAuditSearch>["pages"];
  events: readonly TrailEvent[];
  utc: boolean;
  onUtc: (utc: boolean) => void;
  onChange: (next: AuditChange) => void;
}

/** The records of a question, or why there are none. */
export function AuditResult({ search, pages, events, utc, onUtc, onChange }: AuditResultProps) {
  if (pages.isPending) {
    return (
      <Stack gap={6} aria-label="Loading">
        <Skeleton h={36} />
        <Skeleton h={36} />
        <Skeleton h={36} />
      </Stack>
    );
  }
  if (pages.data === undefined || (pages.isError && !pages.isFetchNextPageError)) {
    return (
      <ErrorPanel
        error={pages.error}
        title="Audit records cannot be shown"
        onRetry={() => void pages.refetch()}
      />
    );
  }
  if (events.length === 0 && !pages.hasNextPage) return <AuditEmpty search={search} onChange={onChange} />;
  return (
    <Card withBorder padding={0} component="section" aria-label="Audit records">
      <Group justify="space-between" gap="xs" p="xs" pl="sm">
        <Text size="sm" className="numbers" role="status">
          {countText(events.length, pages.hasNextPage)}
        </Text>
        <Group gap={6}>
          <ZoneSwitch utc={utc} onUtc={onUtc} />
          <Tooltip label="Download what is loaded as ND-JSON" openDelay={300}>
            <ActionIcon
              variant="default"
              size={30}
              aria-label="Download what is loaded as ND-JSON"
              onClick={() => downloadText("audit.ndjson", toNdjson(events), "application/x-ndjson")}
            >
              <IconDownload size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      <Box style={{ opacity: pages.isPlaceholderData ? 0.5 : 1 }}>
        <RecordList events={events} utc={utc} search={search} onFilter={onChange} />
      </Box>
      <Stack align="center" gap="xs" p="sm">
        {pages.isFetchNextPageError && (
          <Box w="100%">
            <ErrorPanel error={pages.error} title="Older records cannot be loaded" />
          </Box>
        )}
        <LoadMore pages={pages} />
      </Stack>
    </Card>
  );
}

function countText(shown: number, more: boolean): string {
  const records = `${formatInteger(shown)} ${shown === 1 ? "record" : "records"}`;
  return more ? `The newest ${records}` : records;
}
