/** What sends the events, as PutLogEvents describes it. */
export interface Entity {
  readonly keyAttributes?: Readonly<Record<string, string | null>> | undefined;
  readonly attributes?: Readonly<Record<string, string | null>> | undefined;
}

/** AWS's names for what can be wrong with an entity. */
export type EntityProblem =
  | "InvalidEntity"
  | "InvalidTypeValue"
  | "InvalidKeyAttributes"
  | "InvalidAttributes"
  | "EntitySizeTooLarge"
  | "UnsupportedLogGroupType"
  | "MissingRequiredFields";

export type ReadEntity = { readonly text: string } | { readonly problem: EntityProblem };

const keyNames = new Set(["Type", "ResourceType", "Identifier", "Name", "Environment"]);
/** Kinds of entities, and what identifies one of the kind besides its type. */
const types: Readonly<Record<string, readonly string[]>> = {
  Service: ["Name", "Environment"],
  RemoteService: ["Name"],
  "AWS::Service": ["Name", "Environment"],
  Resource: ["ResourceType", "Identifier"],
  "AWS::Resource": ["ResourceType", "Identifier"],
};
const keyAttributesMin = 2;
const keyAttributesMax = 4;
const attributesMax = 10;
const attributeNameCharactersMax = 256;
const valueCharactersMax = 512;
const entityBytesMax = 8_192;

/**
 * The text under which an entity is stored beside its events, the same for the same entity, or what is wrong with it. A bad
 * entity costs no event: the events are stored without one.
 */
export function readEntity({ keyAttributes, attributes = {} }: Entity, groupClass: string): ReadEntity {
  if (groupClass === "DELIVERY") return { problem: "UnsupportedLogGroupType" };
  if (!keyAttributes) return { problem: "MissingRequiredFields" };
  const keys = Object.entries(keyAttributes);
  if (
    keys.length < keyAttributesMin ||
    keys.length > keyAttributesMax ||
    keys.some(([name, value]) => !keyNames.has(name) || !isValue(value))
  )
    return { problem: "InvalidKeyAttributes" };
  const type = keyAttributes.Type;
  if (!type) return { problem: "MissingRequiredFields" };
  if (!Object.hasOwn(types, type)) return { problem: "InvalidTypeValue" };
  if (types[type]!.some((name) => !Object.hasOwn(keyAttributes, name)))
    return { problem: "MissingRequiredFields" };
  const others = Object.entries(attributes);
  if (others.length > attributesMax || others.some(([name, value]) => !isName(name) || !isValue(value)))
    return { problem: "InvalidAttributes" };
  const text = JSON.stringify({
    keyAttributes: sorted(keys),
    ...(others.length > 0 ? { attributes: sorted(others) } : {}),
  });
  return Buffer.byteLength(text) > entityBytesMax ? { problem: "EntitySizeTooLarge" } : { text };
}

function isName(name: string): boolean {
  return name.length >= 1 && name.length <= attributeNameCharactersMax;
}

function isValue(value: string | null): boolean {
  return value !== null && value.length >= 1 && value.length <= valueCharactersMax;
}

function sorted(entries: readonly (readonly [string, string | null])[]) {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
