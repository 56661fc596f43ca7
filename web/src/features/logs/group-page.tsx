import { Button, Skeleton, Stack, Tabs } from "@mantine/core";
import type { LogGroup } from "@nephoscope/contract";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ApiError } from "../../api/client.ts";
import { logGroupQuery } from "../../api/logs.ts";
import { CopyableCode } from "../../ui/copy.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { Page } from "../../ui/page.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { formatStoredBytes } from "./bytes.ts";
import { GroupSettings } from "./group-settings.tsx";
import { KeySwitchBadge } from "./groups-table.tsx";
import { LogsNav } from "./logs-nav.tsx";
import { RejectionsTable } from "./rejections-table.tsx";
import { retentionText } from "./retention.ts";
import { type GroupTab, groupTabs, logGroupSearchOf } from "./search.ts";
import { SendingInstructions } from "./sending-instructions.tsx";
import { StreamsTable } from "./streams-table.tsx";

const routeApi = getRouteApi("/logs/group");

const tabTitles: Record<GroupTab, string> = {
  streams: "Streams",
  send: "Send",
  rejections: "Rejections",
  settings: "Settings",
};

export function LogGroupPage() {
  const { name = "" } = routeApi.useSearch();
  const group = useQuery({ ...logGroupQuery(name), enabled: name !== "" });
  if (group.data !== undefined) return <GroupDetails group={group.data} />;
  return (
    <Page title="Log group">
      <LogsNav />
      {group.isError || name === "" ? (
        <ErrorPanel
          error={group.error ?? new Error("The address names no group.")}
          title={
            group.error instanceof ApiError && group.error.status === 404
              ? "There is no such log group"
              : "The log group cannot be shown"
          }
        />
      ) : (
        <Stack gap="md" aria-label="Loading">
          <Skeleton h={90} />
          <Skeleton h={260} />
        </Stack>
      )}
    </Page>
  );
}

function GroupDetails({ group }: { group: LogGroup }) {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  return (
    <Page
      title={group.name}
      heading={<span style={{ overflowWrap: "anywhere" }}>{group.name}</span>}
      description={<CopyableCode value={group.arn} what="ARN" />}
      actions={
        <Button
          leftSection={<IconSearch size={16} />}
          renderRoot={(root) => <Link to="/logs" search={{ group: group.name }} {...root} />}
        >
          Explore
        </Button>
      }
    >
      <LogsNav />
      <Stack gap="md">
        <GroupFacts group={group} />
        <Tabs
          value={search.tab ?? "streams"}
          onChange={(tab) => void navigate({ search: logGroupSearchOf({ name: group.name, tab }) })}
          keepMounted={false}
        >
          <Tabs.List mb="sm">
            {groupTabs.map((tab) => (
              <Tabs.Tab key={tab} value={tab}>
                {tabTitles[tab]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="streams">
            <StreamsTable group={group.name} />
          </Tabs.Panel>
          <Tabs.Panel value="send">
            <SendingInstructions group={group} />
          </Tabs.Panel>
          <Tabs.Panel value="rejections">
            <RejectionsTable group={group.name} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <GroupSettings group={group} onDeleted={() => void navigate({ to: "/logs/groups" })} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Page>
  );
}

function GroupFacts({ group }: { group: LogGroup }) {
  const tags = Object.entries(group.tags);
  return (
    <Facts minWidth={170}>
      <Fact label="API keys">
        <KeySwitchBadge enabled={group.bearerTokenAuthenticationEnabled} />
      </Fact>
      <Fact label="Retention">{retentionText(group.retentionDays)}</Fact>
      <Fact label="Stored">{formatStoredBytes(group.storedBytes)}</Fact>
      <Fact label="Last event">
        <RelativeTime at={group.lastEventAt} />
      </Fact>
      <Fact label="Created">
        <RelativeTime at={group.createdAt} />
      </Fact>
      {tags.length > 0 && (
        <Fact label="Tags">{tags.map(([name, value]) => `${name}=${value}`).join(", ")}</Fact>
      )}
    </Facts>
  );
}
