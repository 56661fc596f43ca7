import { invalid, skipSpace, valueEnd } from "../../json/scan.ts";
import { IngestRefusal } from "../../refusal.ts";
import type { EventSink } from "../sink.ts";
import { createJsonReader, type JsonReader } from "./json-reader.ts";
import {
  addRecord,
  createOtlpBounds,
  doubleText,
  emptyRecord,
  emptyScope,
  emptyText,
  type LogRecord,
  type OtlpBounds,
  objectText,
  openText,
  resourceText,
  type Scope,
} from "./record.ts";

/** A value of 32 levels takes four of JSON each, below the levels of request, resource, scope and record. */
const jsonDepthMax = 160;

/** OTLP as JSON: 64-bit numbers as strings or numbers, ids as hexadecimal digits, unknown members ignored. */
export function decodeOtlpJson(body: Buffer, sink: EventSink): void {
  const end = valueEnd(body, skipSpace(body, 0), jsonDepthMax);
  if (end === invalid || skipSpace(body, end) < body.length)
    throw new IngestRefusal(
      "body_malformed",
      `The body is not JSON, or is nested deeper than ${jsonDepthMax} levels.`,
    );
  const reader = createJsonReader(body.toString("utf8"));
  const bounds = createOtlpBounds();
  let found = false;
  reader.object((name) => {
    if (name !== "resourceLogs") return reader.skip();
    found = true;
    reader.array(() => readResourceLogs(reader, bounds, sink));
  });
  if (!found) throw new IngestRefusal("body_malformed", "The body has no resourceLogs.");
}

function readResourceLogs(reader: JsonReader, bounds: OtlpBounds, sink: EventSink): void {
  bounds.group();
  let attributes: readonly string[] = [];
  let schemaUrl = emptyText;
  const lists = readAround(reader, "scopeLogs", (name) => {
    if (name === "resource") attributes = readResource(reader, bounds);
    else if (name === "schemaUrl") schemaUrl = reader.string() ?? emptyText;
    else reader.skip();
  });
  const resource = resourceText(attributes, schemaUrl);
  lists(() => readScopeLogs(reader, bounds, sink, resource));
}

function readScopeLogs(reader: JsonReader, bounds: OtlpBounds, sink: EventSink, resource: string): void {
  bounds.group();
  const scope = emptyScope();
  const lists = readAround(reader, "logRecords", (name) => {
    if (name === "scope") readScope(reader, bounds, scope);
    else if (name === "schemaUrl") scope.schemaUrl = reader.string() ?? emptyText;
    else reader.skip();
  });
  const opening = openText(resource, scope);
  lists(() => addRecord(sink, opening, readRecord(reader, bounds)));
}

/**
 * Reads the members of an object in whatever order they come, and keeps the list named `list` for later: what describes its
 * elements may stand behind it. The result reads that list, and ends behind the object.
 */
function readAround(
  reader: JsonReader,
  list: string,
  visit: (name: string) => void,
): (element: () => void) => void {
  const places: number[] = [];
  reader.object((name) => {
    if (name !== list) return visit(name);
    places.push(reader.place());
    reader.skip();
  });
  const end = reader.place();
  return (element) => {
    for (const place of places) {
      reader.seek(place);
      reader.array(element);
    }
    reader.seek(end);
  };
}

function readResource(reader: JsonReader, bounds: OtlpBounds): readonly string[] {
  let attributes: readonly string[] = [];
  reader.object((name) => {
    bounds.node();
    if (name === "attributes") attributes = readAttributes(reader, bounds, 1);
    else reader.skip();
  });
  return attributes;
}

function readScope(reader: JsonReader, bounds: OtlpBounds, scope: Scope): void {
  reader.object((name) => {
    bounds.node();
    if (name === "name" || name === "version") scope[name] = reader.string() ?? emptyText;
    else if (name === "attributes") scope.attributes = readAttributes(reader, bounds, 1);
    else reader.skip();
  });
}

function readRecord(reader: JsonReader, bounds: OtlpBounds): LogRecord {
  bounds.group();
  const record = emptyRecord();
  reader.object((name) => {
    switch (name) {
      case "timeUnixNano":
        record.timeUnixNano = unsigned64(name, reader.scalar());
        break;
      case "observedTimeUnixNano":
        record.observedTimeUnixNano = unsigned64(name, reader.scalar());
        break;
      case "severityNumber":
        record.severityNumber = severity(reader.scalar());
        break;
      case "severityText":
        record.severityText = reader.string() ?? emptyText;
        break;
      case "body":
        record.body = readValue(reader, bounds, 1);
        break;
      case "attributes":
        record.attributes = readAttributes(reader, bounds, 1);
        break;
      case "droppedAttributesCount":
        record.droppedAttributesCount = unsigned32(name, reader.scalar());
        break;
      case "flags":
        record.flags = unsigned32(name, reader.scalar());
        break;
      case "eventName":
        record.eventName = reader.string();
        break;
      case "traceId":
      case "spanId":
        record[name] = hexadecimal(name, reader.scalar());
        break;
      default:
        reader.skip();
    }
  });
  return record;
}

function readAttributes(reader: JsonReader, bounds: OtlpBounds, depth: number): string[] {
  const members: string[] = [];
  reader.array(() => {
    bounds.node();
    let key = '""';
    let value: string | undefined;
    reader.object((name) => {
      if (name === "key") key = reader.string() ?? emptyText;
      else if (name === "value") value = readValue(reader, bounds, depth);
      else reader.skip();
    });
    members.push(`${key}:${value ?? "null"}`);
  });
  return members;
}

/** AnyValue as plain JSON; undefined when it holds nothing. */
function readValue(reader: JsonReader, bounds: OtlpBounds, depth: number): string | undefined {
  bounds.node();
  bounds.depth(depth);
  let text: string | undefined;
  reader.object((name) => {
    const read = valueReaders[name];
    if (read) text = read(reader, bounds, depth) ?? text;
    else reader.skip();
  });
  return text;
}

type ValueReader = (reader: JsonReader, bounds: OtlpBounds, depth: number) => string | undefined;

const valueReaders: Readonly<Record<string, ValueReader | undefined>> = Object.assign(Object.create(null), {
  stringValue: (reader) => reader.string(),
  bytesValue: (reader) => reader.string(),
  boolValue: (reader) => reader.boolean()?.toString(),
  intValue: (reader) => signed64(reader.scalar()),
  doubleValue: (reader) => double(reader.scalar()),
  arrayValue: (reader, bounds, depth) =>
    readValues(reader, () => {
      const items: string[] = [];
      reader.array(() => items.push(readValue(reader, bounds, depth + 1) ?? "null"));
      return `[${items.join(",")}]`;
    }) ?? "[]",
  kvlistValue: (reader, bounds, depth) =>
    readValues(reader, () => objectText(readAttributes(reader, bounds, depth + 1))) ?? "{}",
} satisfies Record<string, ValueReader>);

/** The member `values` of a list. */
function readValues(reader: JsonReader, read: () => string): string | undefined {
  let text: string | undefined;
  reader.object((name) => {
    if (name === "values") text = read();
    else reader.skip();
  });
  return text;
}

const unsigned64Max = 2n ** 64n;
const signed64Limit = 2n ** 63n;

function unsigned64(name: string, text: string | undefined): string {
  if (text === undefined || text === "") return "0";
  const value = integer(text);
  if (value === undefined || value < 0n || value >= unsigned64Max) throw notNumber(name);
  return String(value);
}

function signed64(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const value = integer(text);
  if (value === undefined || value < -signed64Limit || value >= signed64Limit) throw notNumber("intValue");
  return String(value);
}

function unsigned32(name: string, text: string | undefined): number {
  const value = Number(text ?? 0);
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw notNumber(name);
  return value;
}

/** Whole numbers may be written as 1e3 or 1.0 too. */
function integer(text: string): bigint | undefined {
  if (/^-?\d{1,20}$/.test(text)) return BigInt(text);
  if (text.length > 40 || !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isInteger(value) ? BigInt(value) : undefined;
}

function double(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text === "NaN" || text === "Infinity" || text === "-Infinity") return `"${text}"`;
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw notNumber("doubleValue");
  return doubleText(Number(text));
}

const severities = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** A number, or the name of the enumeration's value, as `SEVERITY_NUMBER_WARN2`. */
function severity(text: string | undefined): number {
  const match = /^SEVERITY_NUMBER_([A-Z]+?)([234]?)$/.exec(text ?? "");
  if (!match) return unsigned32("severityNumber", text);
  const index = severities.indexOf(match[1] ?? "");
  return index < 0 ? 0 : index * 4 + Number(match[2] || 1);
}

function hexadecimal(name: string, text: string | undefined): string {
  if (text === undefined) return "";
  if (!/^([0-9a-fA-F]{2}){0,32}$/.test(text))
    throw new IngestRefusal("body_malformed", `${name} is not made of hexadecimal digits.`);
  return text.toLowerCase();
}

function notNumber(name: string): IngestRefusal {
  return new IngestRefusal("body_malformed", `${name} is not a number within its bounds.`);
}
