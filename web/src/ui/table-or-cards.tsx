import { Card, Stack, Table } from "@mantine/core";
import type { ReactNode } from "react";

interface TableOrCardsProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  headings: ReactNode;
  /** The cells of an item's row. */
  cells: (item: T) => ReactNode;
  /** What stands in an item's card. */
  card: (item: T) => ReactNode;
}

/** A table where there is room, cards where there is not. */
export function TableOrCards<T>({ items, keyOf, headings, cells, card }: TableOrCardsProps<T>) {
  return (
    <>
      <Card withBorder padding={0} visibleFrom="md">
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>{headings}</Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr key={keyOf(item)}>{cells(item)}</Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Card>
      <Stack gap="xs" hiddenFrom="md">
        {items.map((item) => (
          <Card withBorder padding="sm" key={keyOf(item)}>
            {card(item)}
          </Card>
        ))}
      </Stack>
    </>
  );
}
