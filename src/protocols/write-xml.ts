import type { NormalizedSchema } from "@smithy/core/schema";

/**
 * Writes a value as XML by its schema. Ours, because the SDK's serializer writes requests: it can name neither
 * the result wrappers nor leave out characters that XML 1.0 forbids, which other people's data may hold.
 */
export function writeXmlMembers(schema: NormalizedSchema, value: Readonly<Record<string, unknown>>): string {
  let xml = "";
  for (const [name, member] of schema.structIterator()) {
    const item = value[name];
    if (item === undefined || item === null) continue;
    xml += writeMember(xmlTraits(member).xmlName ?? name, member, item);
  }
  return xml;
}

/** `<name>content</name>`; `content` is XML already. */
export function element(name: string, content: string, namespace?: string): string {
  return namespace === undefined
    ? `<${name}>${content}</${name}>`
    : `<${name} xmlns="${escapeXml(namespace)}">${content}</${name}>`;
}

/** Escapes text and drops what XML 1.0 cannot carry at all, lone surrogates included. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"'\r]/g, (character) => escapes[character] ?? "");
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // A parser would turn a bare carriage return into a line feed.
  "\r": "&#xD;",
};

interface XmlTraits {
  readonly xmlName?: string;
  readonly xmlFlattened?: 1;
  readonly timestampFormat?: 5 | 6 | 7;
}

function xmlTraits(schema: NormalizedSchema): XmlTraits {
  return schema.getMergedTraits() as XmlTraits;
}

function writeMember(name: string, schema: NormalizedSchema, value: unknown): string {
  if (schema.isListSchema()) return writeList(name, schema, value as readonly unknown[]);
  if (schema.isMapSchema()) return writeMap(name, schema, value as Readonly<Record<string, unknown>>);
  return element(name, writeContent(schema, value));
}

function writeList(name: string, schema: NormalizedSchema, items: readonly unknown[]): string {
  const member = schema.getValueSchema();
  const flat = xmlTraits(schema).xmlFlattened === 1;
  const itemName = flat ? name : (xmlTraits(member).xmlName ?? "member");
  const content = items.map((item) => writeMember(itemName, member, item)).join("");
  return flat ? content : element(name, content);
}

function writeMap(name: string, schema: NormalizedSchema, map: Readonly<Record<string, unknown>>): string {
  const keyName = xmlTraits(schema.getKeySchema()).xmlName ?? "key";
  const valueSchema = schema.getValueSchema();
  const valueName = xmlTraits(valueSchema).xmlName ?? "value";
  const flat = xmlTraits(schema).xmlFlattened === 1;
  const content = Object.entries(map)
    .map(([key, value]) =>
      element(
        flat ? name : "entry",
        element(keyName, escapeXml(key)) + writeMember(valueName, valueSchema, value),
      ),
    )
    .join("");
  return flat ? content : element(name, content);
}

function writeContent(schema: NormalizedSchema, value: unknown): string {
  if (schema.isStructSchema()) return writeXmlMembers(schema, value as Readonly<Record<string, unknown>>);
  if (value instanceof Date) return writeTimestamp(schema, value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return escapeXml(String(value));
}

/** ISO 8601 (format 5) unless the schema asks for HTTP date (6) or epoch seconds (7). */
function writeTimestamp(schema: NormalizedSchema, value: Date): string {
  const format = xmlTraits(schema).timestampFormat ?? 5;
  if (format === 7) return String(value.getTime() / 1000);
  return format === 6 ? value.toUTCString() : value.toISOString().replace(".000Z", "Z");
}
