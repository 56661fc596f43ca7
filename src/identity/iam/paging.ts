import { check, lengthOf, rangeOf } from "./checks.ts";
import { iamErrors } from "./errors.ts";

export interface PageInput {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export interface PageOutput<Item> {
  readonly items: readonly Item[];
  readonly IsTruncated: boolean;
  /** Only when there is more. */
  readonly Marker?: string;
}

const pageDefault = 100;

/**
 * One page of a list. The marker names the last item shown, so that a list that changes meanwhile is neither repeated nor
 * skipped: `keyOf` must sort as the list is sorted.
 */
export function pageThrough<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { Marker, MaxItems }: PageInput,
): PageOutput<Item> {
  check(lengthOf("marker", Marker, 1, 320), rangeOf("maxItems", MaxItems, 1, 1000));
  const after = Marker === undefined ? undefined : readMarker(Marker);
  const rest = after === undefined ? all : all.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, MaxItems ?? pageDefault);
  const last = items.at(-1);
  return rest.length > items.length && last !== undefined
    ? { items, IsTruncated: true, Marker: writeMarker(keyOf(last)) }
    : { items, IsTruncated: false };
}

function writeMarker(key: string): string {
  return Buffer.from(`after ${key}`).toString("base64url");
}

function readMarker(marker: string): string {
  const text = Buffer.from(marker, "base64url").toString();
  if (!text.startsWith("after ")) throw iamErrors.validation("Invalid Marker.");
  return text.slice("after ".length);
}
