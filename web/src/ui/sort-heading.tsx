import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./sort-heading.module.css";

interface SortHeadingProps {
  active: boolean;
  descending: boolean;
  onSort: () => void;
  children: ReactNode;
}

/** The heading of a column that a table can be sorted by. */
export function SortHeading(props: SortHeadingProps) {
  const Arrow = props.descending ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th aria-sort={props.active ? (props.descending ? "descending" : "ascending") : "none"}>
      <UnstyledButton className={classes.heading} onClick={props.onSort}>
        {props.children}
        <Arrow size={13} aria-hidden style={{ visibility: props.active ? "visible" : "hidden" }} />
      </UnstyledButton>
    </Table.Th>
  );
}
