import { Button, Text } from "@mantine/core";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";

type Pages = Pick<UseInfiniteQueryResult, "hasNextPage" | "isFetchingNextPage" | "fetchNextPage">;

/** The end of a list that is read page by page: a way on, or that there is none. */
export function LoadMore({ pages }: { pages: Pages }) {
  if (!pages.hasNextPage) {
    return (
      <Text size="xs" c="dimmed">
        Nothing more in this range.
      </Text>
    );
  }
  return (
    <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
      Load more
    </Button>
  );
}
