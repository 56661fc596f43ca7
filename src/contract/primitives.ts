import { z } from "zod";
import { partitionOfRegion } from "./regions.ts";

/** Building blocks of the schemas: each says in its message what would be right. */

const controlCharacters = /[\u0000-\u001f\u007f\u0080-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const controlCharactersExceptBreaks =
  /[\u0000-\u0008\u000b-\u001f\u007f\u0080-\u009f\u202a-\u202e\u2066-\u2069]/;

/** A name shown to people: trimmed, 1 to 255 characters, nothing invisible that could fake another name. */
export const displayName = z
  .string()
  .trim()
  .min(1, "A name is needed.")
  .max(255, "At most 255 characters.")
  .refine((text) => !controlCharacters.test(text), "Control characters are not allowed.");

export const description = z
  .string()
  .trim()
  .max(4000, "At most 4,000 characters.")
  .refine((text) => !controlCharactersExceptBreaks.test(text), "Control characters are not allowed.");

export const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "Not a lowercase UUID.");

/** A region is part of a host name, so its shape is checked before anything resolves it. */
export const region = z
  .string()
  .refine((text) => partitionOfRegion(text) !== undefined, "Not an AWS region name, such as us-east-1.");

export const roleArn = z
  .string()
  .max(2048)
  .regex(
    /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    "Not a role ARN, such as arn:aws:iam::123456789012:role/Name.",
  );

/** AWS's alphabet and bounds of `sts:ExternalId`. */
export const externalId = z
  .string()
  .min(2, "2 to 1,224 characters.")
  .max(1224, "2 to 1,224 characters.")
  .regex(/^[\w+=,.@:/-]*$/, "Letters, digits and _+=,.@:/- only.");

const tagText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !controlCharacters.test(text), "Control characters are not allowed.");

/** AWS's bounds for tags: 50 pairs, keys to 128 and values to 256 characters. */
export const tags = z
  .record(tagText(128).min(1), tagText(256))
  .refine((map) => Object.keys(map).length <= 50, "At most 50 tags.");

export const epochMillis = z.number().int();

/** A time in a query string: ISO 8601 or epoch milliseconds. */
export const instantText = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/** Yes or no in a query string. */
export const flagText = z.enum(["true", "false"]).transform((text) => text === "true");

/** Offset paging, the same on all lists of the API. Numbers in query strings are coerced. */
export const pageQuery = z.object({
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export function paged<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    offset: z.number().int(),
    limit: z.number().int(),
    totalItems: z.number().int(),
    moreItems: z.boolean(),
  });
}

export interface Page<T> {
  items: T[];
  offset: number;
  limit: number;
  totalItems: number;
  moreItems: boolean;
}

interface PageRequest {
  readonly offset: number;
  readonly limit: number;
}

/** A page whose items were cut out already. */
export function pageOf<T>(items: T[], { offset, limit }: PageRequest, totalItems: number): Page<T> {
  return { items, offset, limit, totalItems, moreItems: offset + items.length < totalItems };
}

/** A page cut out of all items. */
export function cutPage<T>(all: readonly T[], page: PageRequest): Page<T> {
  return pageOf(all.slice(page.offset, page.offset + page.limit), page, all.length);
}
