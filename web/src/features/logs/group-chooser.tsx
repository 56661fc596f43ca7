import { Card, SimpleGrid, Text, UnstyledButton } from "@mantine/core";
import type { LogGroup } from "@nephoscope/contract";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { formatStoredBytes } from "./bytes.ts";
import classes from "./group-chooser.module.css";

interface GroupChooserProps {
  groups: readonly LogGroup[];
  onChoose: (group: string) => void;
}

/** The groups that received something last, to begin with one of them. */
export function GroupChooser({ groups, onChoose }: GroupChooserProps) {
  return (
    <Card withBorder component="section" aria-label="Log groups to begin with">
      <Text fw={600} mb="xs">
        Choose a log group
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="xs">
        {groups.map((group) => (
          <UnstyledButton key={group.name} className={classes.choice} onClick={() => onChoose(group.name)}>
            <Text size="sm" fw={600} truncate title={group.name}>
              {group.name}
            </Text>
            <Text size="xs" c="dimmed">
              Last event <RelativeTime at={group.lastEventAt} /> · {formatStoredBytes(group.storedBytes)}
            </Text>
          </UnstyledButton>
        ))}
      </SimpleGrid>
    </Card>
  );
}
