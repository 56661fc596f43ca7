import { ActionIcon, Button, Group, Stack, Text, Tooltip } from "@mantine/core";
import type { TrailEvent } from "@nephoscope/contract";
import { IconFilter } from "@tabler/icons-react";
import { type ReactNode, useMemo, useState } from "react";
import { CodeBlock } from "../../ui/code-block.tsx";
import { CopyButton, CopyIcon } from "../../ui/copy.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { jsonTreeOf } from "../../ui/json-tree.ts";
import { type FilterOf, JsonTreeView } from "../../ui/json-tree-view.tsx";
import { LogText } from "../../ui/log-text.tsx";
import { formatStamp, zoneName } from "../../ui/zoned-time.ts";
import { filterOfPlace, keyOf } from "./record-facts.ts";
import classes from "./record-list.module.css";
import type { AuditChange, AuditSearch, TextFilterName } from "./search.ts";

interface RecordDetailsProps {
  event: TrailEvent;
  utc: boolean;
  search: AuditSearch;
  onFilter: (filters: AuditChange) => void;
}

/** All of one record: who and what, from where, how it ended, what was asked and answered, and the record as it is. */
export function RecordDetails(props: RecordDetailsProps) {
  const { event, utc } = props;
  const { record } = event;
  const at = Date.parse(event.timestamp);
  const [whole, setWhole] = useState(false);
  return (
    <Stack gap="sm" className={classes.details}>
      <Facts minWidth={310}>
        <Fact label="Time">
          <span className="numbers">
            {formatStamp(at, utc)} {zoneName(at, utc)}
          </span>
        </Fact>
        <Fact label="User">
          <Value {...props} name="userName" what="user" value={event.userName} none="unknown" />
        </Fact>
        <Fact label={event.accessKeyId !== null ? "Access key" : "Key or token"}>
          <Value
            {...props}
            name="key"
            what="key"
            value={keyOf(event)}
            none="none: a session of the console"
          />
        </Fact>
        <Fact label="Address">
          <Value {...props} name="sourceIp" what="address" value={event.sourceIp} />
        </Fact>
        <Fact label="Event">
          <Value {...props} name="eventName" what="event" value={event.name} />
        </Fact>
        <Fact label="Source">
          <Value {...props} name="eventSource" what="source" value={event.source} />
        </Fact>
        <Fact label="Kind">{kindOf(event)}</Fact>
        {event.errorCode !== null && (
          <Fact label="Error">
            <Value {...props} name="errorCode" what="error" value={event.errorCode} />
          </Fact>
        )}
        <Fact label="Event id">
          <Value {...props} name="eventId" what="event id" value={event.id} />
        </Fact>
        {typeof record.requestID === "string" && (
          <Fact label="Request id">
            <Value {...props} what="request id" value={record.requestID} />
          </Fact>
        )}
        <Fact label="User agent">
          <LogText text={event.userAgent === "" ? "none" : event.userAgent} />
        </Fact>
      </Facts>
      {event.errorMessage !== null && (
        <Part title="Why it failed">
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            <LogText text={event.errorMessage} />
          </Text>
        </Part>
      )}
      {event.resources.length > 0 && (
        <Part title={event.resources.length === 1 ? "Resource" : "Resources"}>
          {event.resources.map(({ type, arn }) => (
            <div key={`${type} ${arn}`}>
              <Text size="sm" component="div">
                <Value {...props} name="resourceName" what="resource" value={arn} />
              </Text>
              <Text size="xs" c="dimmed" component="div">
                <Value {...props} name="resourceType" what="resource type" value={type} />
              </Text>
            </div>
          ))}
        </Part>
      )}
      <JsonPart {...props} title="Request parameters" value={record.requestParameters} />
      <JsonPart {...props} title="Response elements" value={record.responseElements} />
      <Group gap={6}>
        <Button size="compact-xs" variant="default" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? "Hide the whole record" : "Show the whole record"}
        </Button>
        <CopyButton value={() => JSON.stringify(record, null, 2)} label="Copy as JSON" />
      </Group>
      {whole && <JsonPart {...props} title="Whole record" value={record} filtered />}
    </Stack>
  );
}

function kindOf({ category, readOnly }: TrailEvent): string {
  if (category === "Data") return "Use of an API key";
  return readOnly ? "Call that only reads" : "Change";
}

interface ValueProps extends RecordDetailsProps {
  /** The filter that finds it; without one it is only copied. */
  name?: TextFilterName;
  what: string;
  value: string | null;
  none?: string;
}

/** A value that is copied and filtered for; the button stays where it is pressed, as whoever pressed it does. */
function Value({ search, onFilter, name, what, value, none = "none" }: ValueProps) {
  if (value === null || value === "") {
    return (
      <Text span inherit c="dimmed">
        {none}
      </Text>
    );
  }
  const label = `Filter by this ${what}`;
  const filtered = name !== undefined && search[name] === value;
  return (
    <Group gap={2} wrap="nowrap" align="flex-start">
      <span className={classes.value}>
        <LogText text={value} />
      </span>
      <CopyIcon value={value} what={what} size="xs" />
      {name !== undefined && (
        <Tooltip label={label} openDelay={300}>
          <ActionIcon
            variant={filtered ? "light" : "subtle"}
            color={filtered ? undefined : "gray"}
            size="xs"
            aria-label={label}
            aria-pressed={filtered}
            onClick={() => onFilter({ [name]: filtered ? undefined : value })}
          >
            <IconFilter size={13} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}

interface JsonPartProps extends RecordDetailsProps {
  title: string;
  value: unknown;
  /** Places in it are places in the record, some of which can be filtered by. */
  filtered?: boolean;
}

/** Nothing for what is null, which is what AWS writes for nothing. */
function JsonPart({ title, value, filtered = false, onFilter }: JsonPartProps) {
  const tree = useMemo(() => jsonTreeOf(JSON.stringify(value ?? null)), [value]);
  const filterOf: FilterOf = (path, scalar, way) => {
    const filters = way === "for" ? filterOfPlace(path, scalar) : undefined;
    return filters === undefined ? undefined : () => onFilter(filters);
  };
  if (value === null || value === undefined) return null;
  return (
    <Part title={title}>
      {tree === undefined ? (
        <CodeBlock text={JSON.stringify(value, null, 2)} what={title.toLowerCase()} wrap />
      ) : (
        <JsonTreeView tree={tree} filterOf={filtered ? filterOf : undefined} />
      )}
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap={4} component="section" aria-label={title}>
      <Text size="xs" c="dimmed" component="h2" fw={600} m={0}>
        {title}
      </Text>
      {children}
    </Stack>
  );
}
