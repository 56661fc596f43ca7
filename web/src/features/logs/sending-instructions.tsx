import { Alert, Anchor, Card, Group, Select, Stack, Tabs, Text } from "@mantine/core";
import type { LogEndpoint, LogGroup } from "@nephoscope/contract";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { logEndpointQuery, logStreamsQuery } from "../../api/logs.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { instructionsFor } from "./sending.ts";

/** How to send to a group, ready to be copied. */
export function SendingInstructions({ group }: { group: LogGroup }) {
  const endpoint = useQuery(logEndpointQuery);
  const streams = useQuery(
    logStreamsQuery({ group: group.name, limit: 200, orderBy: "lastEventTime", descending: true }),
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const names = streams.data?.items.map((stream) => stream.name) ?? [];
  const stream = chosen ?? names[0] ?? "my-stream";
  const instructions =
    endpoint.data === undefined
      ? []
      : instructionsFor({ url: urlOf(endpoint.data), group: group.name, stream });
  return (
    <Card withBorder component="section" aria-label="How to send">
      <Stack gap="sm">
        {!group.bearerTokenAuthenticationEnabled && (
          <Alert color="yellow" variant="light" icon={<IconInfoCircle size={18} />}>
            This group does not take API keys. Switch that on in its{" "}
            <Anchor
              inherit
              renderRoot={(root) => (
                <Link to="/logs/group" search={{ name: group.name, tab: "settings" }} {...root} />
              )}
            >
              settings
            </Anchor>
            , or sign requests.
          </Alert>
        )}
        {streams.data?.totalItems === 0 && (
          <Alert color="yellow" variant="light" icon={<IconInfoCircle size={18} />}>
            There is no stream yet. Create <b>my-stream</b>, or another, before something is sent to it.
          </Alert>
        )}
        <Group align="flex-end" gap="sm">
          {names.length > 0 && (
            <Select
              label="Stream"
              data={names}
              value={stream}
              onChange={setChosen}
              allowDeselect={false}
              searchable
              w={280}
            />
          )}
          <Text size="sm" c="dimmed" pb={names.length > 0 ? 8 : 0}>
            Senders need an{" "}
            <Anchor inherit renderRoot={(root) => <Link to="/logs/keys" {...root} />}>
              API key
            </Anchor>
            ; its value is shown when it is made, and only then.
          </Text>
        </Group>
        {endpoint.isError && (
          <ErrorPanel error={endpoint.error} title="The endpoint's address cannot be read" />
        )}
        {instructions.length > 0 && (
          <Tabs defaultValue="curl" variant="pills" keepMounted={false}>
            <Tabs.List mb="sm">
              {instructions.map(({ id, title }) => (
                <Tabs.Tab key={id} value={id}>
                  {title}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {instructions.map(({ id, title, note, text }) => (
              <Tabs.Panel key={id} value={id}>
                <Text size="sm" c="dimmed" mb={6}>
                  {note}
                </Text>
                <CodeBlock text={text} what={`${title} example`} wrap />
              </Tabs.Panel>
            ))}
          </Tabs>
        )}
      </Stack>
    </Card>
  );
}

/** Where no URL is set, the endpoint is on the host by which the console is reached. */
function urlOf({ url, port, tls }: LogEndpoint): string {
  return url?.replace(/\/+$/, "") ?? `${tls ? "https" : "http"}://${window.location.hostname}:${port}`;
}
