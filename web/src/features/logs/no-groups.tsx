import { Button, List, Text } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useCan } from "../../api/session.ts";
import { Empty } from "../../ui/empty.tsx";

/** Nobody has made a group yet: how logs come in. */
export function NoGroups({ onCreate }: { onCreate?: () => void }) {
  const can = useCan();
  return (
    <Empty
      icon={<IconFileText size={22} />}
      title="No log groups yet"
      action={
        can("logs:CreateLogGroup") &&
        (onCreate === undefined ? (
          <Button renderRoot={(root) => <Link to="/logs/groups" search={{ create: true }} {...root} />}>
            Create log group
          </Button>
        ) : (
          <Button onClick={onCreate}>Create log group</Button>
        ))
      }
    >
      <Text size="sm" mb={6}>
        Nothing is created by sending: a group and a stream have to be there first.
      </Text>
      <List size="sm" type="ordered" ta="left" spacing={2}>
        <List.Item>Create a log group that takes API keys, and a stream in it.</List.Item>
        <List.Item>Generate an API key for the sender.</List.Item>
        <List.Item>Send: each group shows commands and settings that fit it.</List.Item>
      </List>
    </Empty>
  );
}
