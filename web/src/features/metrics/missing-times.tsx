import { Anchor, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatTimeRange } from "../../ui/format.ts";
import { OwedReasonBadge } from "../../ui/owed-reasons.tsx";
import type { Missing } from "./chart-marks.tsx";

const rowsMost = 20;

/** The shaded times of the charts in words, for those who cannot see or point at them. */
export function MissingTimes({ missing }: { missing: readonly Missing[] }) {
  const [opened, setOpened] = useState(false);
  if (missing.length === 0) return null;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <Stack gap={6}>
      <UnstyledButton aria-expanded={opened} onClick={() => setOpened(!opened)}>
        <Group gap={4}>
          <Chevron size={14} aria-hidden />
          <Text size="xs">
            {missing.length === 1 ? "1 time" : `${missing.length} times`} in this range without points
          </Text>
        </Group>
      </UnstyledButton>
      {opened && (
        <Stack gap={4} pl={18}>
          {missing.slice(0, rowsMost).map((one) => (
            <Group key={JSON.stringify(one)} gap={8}>
              <Text size="xs" className="numbers">
                {formatTimeRange(one.from, one.to)}
              </Text>
              <Text size="xs">{one.region}</Text>
              <OwedReasonBadge reason={one.reason} />
              <Text size="xs" c="dimmed">
                {one.lost ? "AWS no longer has these points." : "This time will be read again."}
              </Text>
            </Group>
          ))}
          <Anchor size="xs" renderRoot={(root) => <Link to="/data-quality" {...root} />}>
            {missing.length > rowsMost
              ? `${missing.length - rowsMost} more and all others`
              : "All owed windows and gaps"}
          </Anchor>
        </Stack>
      )}
    </Stack>
  );
}
