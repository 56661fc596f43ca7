import { ActionIcon, Group, Select } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { monthOf, monthTitle, shiftMonth } from "./months.ts";

/** How far back spending is kept. */
const monthsKept = 14;

/** One month after another, or any of the last ones from a list. */
export function MonthPicker({ month, onChange }: { month: string; onChange: (month: string) => void }) {
  const current = monthOf(Date.now());
  const months = Array.from({ length: monthsKept }, (_, index) => shiftMonth(current, -index));
  if (!months.includes(month)) months.push(month);
  return (
    <Group gap={6} wrap="nowrap">
      <ActionIcon
        variant="default"
        size={36}
        aria-label="Month before"
        onClick={() => onChange(shiftMonth(month, -1))}
      >
        <IconChevronLeft size={17} />
      </ActionIcon>
      <Select
        aria-label="Month"
        w={170}
        data={months.map((value) => ({ value, label: monthTitle(value) }))}
        allowDeselect={false}
        value={month}
        onChange={(value) => value !== null && onChange(value)}
      />
      <ActionIcon
        variant="default"
        size={36}
        aria-label="Month after"
        disabled={month >= current}
        onClick={() => onChange(shiftMonth(month, 1))}
      >
        <IconChevronRight size={17} />
      </ActionIcon>
    </Group>
  );
}
