import { Box, Card, Group, Pagination, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import type { Page } from "@nephoscope/contract";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorPanel } from "./error-panel.tsx";
import classes from "./list-card.module.css";

interface ListCardProps<T> {
  title: string;
  /** What the list is, in a sentence. */
  description?: ReactNode;
  /** Filters of this list. */
  controls?: ReactNode;
  query: UseQueryResult<Page<T>>;
  pageSize: number;
  /** Counted from 1. */
  page: number;
  onPage: (page: number) => void;
  /** Said instead of the table when there is nothing in it. */
  empty: ReactNode;
  /** Narrower than this the table scrolls. */
  minWidth: number;
  headings: ReactNode;
  row: (item: T) => ReactNode;
  /** What stands for an item where there is no room for a table; without it the table scrolls there. */
  entry?: (item: T) => ReactNode;
}

/** A paged list as a card: heading, table, and what stands there while it loads, when it fails and when it is empty. */
export function ListCard<T>(props: ListCardProps<T>) {
  const { title, query, pageSize, page, onPage } = props;
  const total = query.data?.totalItems ?? 0;
  return (
    <Card withBorder padding={0} component="section" aria-label={title}>
      <Group justify="space-between" p="md" pb="xs" gap="xs">
        <Box miw={0}>
          <Title order={2} size="h6">
            {title}
          </Title>
          {props.description !== undefined && (
            <Text size="xs" c="dimmed" component="div" maw={760}>
              {props.description}
            </Text>
          )}
        </Box>
        {props.controls !== undefined && <Group gap="xs">{props.controls}</Group>}
      </Group>
      {query.isPending && (
        <Stack gap={6} p="md" pt={0} aria-label="Loading">
          <Skeleton h={30} />
          <Skeleton h={30} />
          <Skeleton h={30} />
        </Stack>
      )}
      {query.isError && (
        <Box p="md" pt={0}>
          <ErrorPanel
            error={query.error}
            title={`${title}: they cannot be listed`}
            onRetry={() => void query.refetch()}
          />
        </Box>
      )}
      {query.data !== undefined && total === 0 && (
        <Text size="sm" c="dimmed" px="md" pb="md" component="div">
          {props.empty}
        </Text>
      )}
      {query.data !== undefined && total > 0 && (
        <>
          <Table.ScrollContainer
            minWidth={props.minWidth}
            type="native"
            {...(props.entry === undefined ? {} : { visibleFrom: "md" })}
          >
            <Table>
              <Table.Thead>
                <Table.Tr>{props.headings}</Table.Tr>
              </Table.Thead>
              <Table.Tbody>{query.data.items.map(props.row)}</Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {props.entry !== undefined && (
            <Box component="ul" className={classes.entries} hiddenFrom="md">
              {query.data.items.map(props.entry)}
            </Box>
          )}
          {total > pageSize && (
            <Group justify="flex-end" p="xs" px="md">
              <Pagination
                size="xs"
                total={Math.ceil(total / pageSize)}
                value={page}
                onChange={onPage}
                getControlProps={(control) => ({ "aria-label": `${title}: ${control} page` })}
              />
            </Group>
          )}
        </>
      )}
    </Card>
  );
}
