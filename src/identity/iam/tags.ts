import type { Tag } from "@aws-sdk/client-iam";
import type { AccessQuestion } from "../../contract/index.ts";
import { check, lengthOf, patternOf } from "./checks.ts";
import { iamErrors } from "./errors.ts";
import { type PageInput, pageThrough } from "./paging.ts";
import { quotas } from "./quotas.ts";

export type Tags = Readonly<Record<string, string>>;

const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** What a caller sends as tags. Throws ValidationError and InvalidInput. */
export function readTags(tags: readonly Tag[] | undefined): Tags {
  const read: (readonly [string, string])[] = [];
  const seen = new Set<string>();
  for (const [index, { Key = "", Value = "" }] of (tags ?? []).entries()) {
    const name = `tags.${index + 1}.member`;
    check(
      lengthOf(`${name}.key`, Key, 1, 128),
      patternOf(`${name}.key`, Key, characters),
      lengthOf(`${name}.value`, Value, 0, 256),
      patternOf(`${name}.value`, Value, characters),
    );
    if (Key.toLowerCase().startsWith("aws:")) {
      throw iamErrors.invalidInput("Caller is an end user and not allowed to mutate system tags");
    }
    if (seen.has(Key.toLowerCase())) {
      throw iamErrors.invalidInput(
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
      );
    }
    seen.add(Key.toLowerCase());
    read.push([Key, Value]);
  }
  // An assignment would lose the key __proto__ without a word.
  const all = Object.fromEntries(read);
  checkCount(all);
  return all;
}

/** What a caller sends as keys of tags to take away. Throws ValidationError. */
export function readTagKeys(keys: readonly string[] | undefined): readonly string[] {
  const read = keys ?? [];
  const tooMany = `Value '[${read.length} members]' at 'tagKeys' failed to satisfy constraint: Member must have length less than or equal to ${quotas.tags}`;
  check(read.length > quotas.tags ? tooMany : undefined);
  for (const [index, key] of read.entries()) {
    const name = `tagKeys.${index + 1}.member`;
    check(lengthOf(name, key, 1, 128), patternOf(name, key, characters));
  }
  return read;
}

/** A key that differs only in case takes the place of the one there was. */
export function addTags(tags: Tags, added: Tags): Tags {
  const merged = { ...removeTags(tags, Object.keys(added)), ...added };
  checkCount(merged);
  return merged;
}

export function removeTags(tags: Tags, keys: readonly string[]): Tags {
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !removed.has(key.toLowerCase())));
}

export function writeTags(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags in the order of their keys. */
export function pageTags(tags: Tags, page: PageInput) {
  const sorted = writeTags(tags).sort((a, b) => ((a.Key ?? "") < (b.Key ?? "") ? -1 : 1));
  // By place: a key of 128 letters of any script is longer than a marker may be.
  const places = new Map(sorted.map((tag, place) => [tag, String(place).padStart(2, "0")]));
  const { items, ...paging } = pageThrough(sorted, (tag) => places.get(tag) ?? "", page);
  return { Tags: [...items], ...paging };
}

/** Condition keys of a request that sends tags. */
export function tagContext(tags: readonly Tag[] | undefined): Record<string, string | string[]> {
  if (!tags || tags.length === 0) return {};
  const values = tags.map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value] as const);
  return { ...Object.fromEntries(values), "aws:TagKeys": tags.map(({ Key = "" }) => Key) };
}

/** What making something asks of the policies: where tags come with it, the permission to tag it too, as on AWS. */
export function withTagging(
  create: string,
  tag: string,
  resource: string,
  tags: readonly Tag[] | undefined,
): AccessQuestion[] {
  const context = tagContext(tags);
  const actions = tags && tags.length > 0 ? [create, tag] : [create];
  return actions.map((action) => ({ action, resource, context }));
}

function checkCount(tags: Tags): void {
  if (Object.keys(tags).length > quotas.tags) throw iamErrors.quotaExceeded("TagsPerUser", quotas.tags);
}
