import { Button, Group, Text } from "@mantine/core";
import { IconFilterX, IconHistory } from "@tabler/icons-react";
import { Empty } from "../../ui/empty.tsx";
import { longestAuditRange } from "./ranges.ts";
import { type AuditChange, type AuditSearch, isFiltered, noFilters } from "./search.ts";

interface AuditEmptyProps {
  search: AuditSearch;
  onChange: (next: AuditChange) => void;
}

/** Why there is nothing, and how to look wider. */
export function AuditEmpty({ search, onChange }: AuditEmptyProps) {
  const filtered = isFiltered(search);
  const longest = search.range === longestAuditRange && search.from === undefined;
  return (
    <Empty
      icon={filtered ? <IconFilterX size={22} /> : <IconHistory size={22} />}
      title={filtered ? "No record matches in this range" : "Nothing was recorded in this range"}
      action={
        <Group gap="xs" justify="center">
          {!longest && (
            <Button
              variant={filtered ? "default" : "filled"}
              onClick={() => onChange({ range: longestAuditRange, from: undefined, to: undefined })}
            >
              Search the last 90 days
            </Button>
          )}
          {filtered && <Button onClick={() => onChange(noFilters)}>Clear filters</Button>}
        </Group>
      }
    >
      {filtered && (
        <Text size="sm" mb={6}>
          Values are compared as a whole, and capitals count: enter complete names, ids and addresses.
        </Text>
      )}
      Recorded are changes by the console, the REST API, <code>nepho</code> and AWS's tools, calls that were
      refused, calls of AWS's tools that only read, and each use of an API key. Records are kept for 90 days
      unless the server is set up otherwise.
    </Empty>
  );
}
