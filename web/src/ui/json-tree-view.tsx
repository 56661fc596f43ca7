import { ActionIcon, Group, Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconFilter, IconFilterOff } from "@tabler/icons-react";
import { useState } from "react";
import { CopyIcon } from "./copy.tsx";
import {
  type FilterWay,
  isBranch,
  type JsonBranch,
  type JsonChild,
  type JsonPath,
  type JsonScalar,
  selectorOf,
  summaryOf,
} from "./json-tree.ts";
import classes from "./json-tree-view.module.css";
import { LogText } from "./log-text.tsx";

/** What filters for a value, or filters it out; nothing where that cannot be asked for. */
export type FilterOf = (path: JsonPath, value: JsonScalar, way: FilterWay) => (() => void) | undefined;

interface JsonTreeViewProps {
  tree: JsonBranch;
  /** Without it values are only shown. */
  filterOf?: FilterOf | undefined;
}

/** A JSON message as a tree that opens and closes; each value can be filtered for, filtered out and copied. */
export function JsonTreeView({ tree, filterOf }: JsonTreeViewProps) {
  return <Branch tree={tree} path={[]} filterOf={filterOf} />;
}

/** Beyond this many a branch is cut until somebody asks for all of it. */
const childrenShown = 100;

function Branch({ tree, path, filterOf }: JsonTreeViewProps & { path: JsonPath }) {
  const [all, setAll] = useState(false);
  const shown = all ? tree.children : tree.children.slice(0, childrenShown);
  return (
    <ul className={classes.branch}>
      {shown.map((child) => (
        <Child key={child.name} child={child} path={[...path, child.name]} filterOf={filterOf} />
      ))}
      {shown.length < tree.children.length && (
        <li>
          <UnstyledButton className={classes.more} onClick={() => setAll(true)}>
            Show all {tree.children.length}
          </UnstyledButton>
        </li>
      )}
    </ul>
  );
}

interface ChildProps extends Omit<JsonTreeViewProps, "tree"> {
  child: JsonChild;
  path: JsonPath;
}

function Child({ child: { name, node }, path, filterOf }: ChildProps) {
  // Two levels say what a message is about; deeper ones are opened by those who want them.
  const [opened, setOpened] = useState(path.length < 3);
  const label = <LogText text={String(name)} />;
  if (!isBranch(node)) {
    return (
      <li className={classes.leaf}>
        <span className={classes.name}>{label}</span>
        <span className={classes.value} data-kind={node.kind}>
          {node.kind === "string" ? <LogText text={node.text} /> : node.text}
        </span>
        <LeafActions path={path} value={node} filterOf={filterOf} />
      </li>
    );
  }
  if (node.children.length === 0) {
    return (
      <li className={classes.leaf}>
        <span className={classes.name}>{label}</span>
        <span className={classes.summary}>{summaryOf(node)}</span>
      </li>
    );
  }
  return (
    <li>
      <UnstyledButton className={classes.toggle} aria-expanded={opened} onClick={() => setOpened(!opened)}>
        <IconChevronRight size={13} className={classes.chevron} aria-hidden />
        <span className={classes.name}>{label}</span>
        {!opened && <span className={classes.summary}>{summaryOf(node)}</span>}
      </UnstyledButton>
      {opened && <Branch tree={node} path={path} filterOf={filterOf} />}
    </li>
  );
}

interface LeafActionsProps extends Omit<JsonTreeViewProps, "tree"> {
  path: JsonPath;
  value: JsonScalar;
}

function LeafActions({ path, value, filterOf }: LeafActionsProps) {
  const selector = selectorOf(path);
  return (
    <Group gap={0} wrap="nowrap" className={classes.actions}>
      {filterOf !== undefined &&
        (["for", "out"] as const).map((way) => {
          const filter = filterOf(path, value, way);
          if (filter === undefined) return null;
          const label = way === "for" ? "Filter for this value" : "Filter out this value";
          const Icon = way === "for" ? IconFilter : IconFilterOff;
          return (
            <Tooltip key={way} label={label} openDelay={300}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="xs"
                aria-label={`${label}: ${selector}`}
                onClick={filter}
              >
                <Icon size={13} />
              </ActionIcon>
            </Tooltip>
          );
        })}
      <CopyIcon value={value.text} what={`value of ${selector}`} size="xs" />
    </Group>
  );
}
