import { Button, Group, Stack, Text } from "@mantine/core";
import type { CreatedApiKey } from "@nephoscope/contract";
import { Link } from "@tanstack/react-router";
import { CopyableCode } from "../../ui/copy.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatAbsolute } from "../../ui/format.ts";
import { ShownOnce } from "../../ui/shown-once.tsx";

/** The value of a key, which nobody can show again. */
export function KeySecret({ created, onDone }: { created: CreatedApiKey; onDone: () => void }) {
  return (
    <Stack gap="sm">
      <ShownOnce
        value={created.secret}
        what="API key"
        note="Save it now: it is shown only this once. Who loses it resets the key."
      />
      <Facts minWidth={180}>
        <Fact label="Key id">
          <CopyableCode value={created.id} what="key id" />
        </Fact>
        <Fact label="User">{created.userName}</Fact>
        <Fact label="Expires">
          {created.expiresAt === null ? "never" : formatAbsolute(Date.parse(created.expiresAt))}
        </Fact>
      </Facts>
      <Text size="sm" c="dimmed">
        Next: choose a log group. Its page shows commands and settings with a place for this key.
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" renderRoot={(root) => <Link to="/logs/groups" {...root} />}>
          Log groups
        </Button>
        <Button onClick={onDone}>I have saved it</Button>
      </Group>
    </Stack>
  );
}
