import { Table, VisuallyHidden } from "@mantine/core";

/** The heading of a column of buttons and links, which is told to those who do not see them. */
export function ActionsHeading({ width }: { width?: number }) {
  return (
    <Table.Th w={width}>
      <VisuallyHidden>Actions</VisuallyHidden>
    </Table.Th>
  );
}
