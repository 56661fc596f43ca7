import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { IngestRefusal } from "../../refusal.ts";
import type { EventSink } from "../sink.ts";
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

/** OTLP as binary protobuf. Unknown fields are stepped over; groups, which OTLP never had, are refused. */
export function decodeOtlpProtobuf(body: Buffer, sink: EventSink): void {
  const source: Source = { body, reader: new BinaryReader(body, decodeUtf8), bounds: createOtlpBounds() };
  try {
    readFields(source, body.length, (field) => {
      if (field !== 1) return false;
      readResourceLogs(source, sink);
      return true;
    });
  } catch (error) {
    if (error instanceof IngestRefusal) throw error;
    // Whatever the reader throws is about bytes that are no message: truncated, too long a varint, a bad tag.
    throw new IngestRefusal("body_malformed", `The body is not protobuf: ${malformedAt(source)}`, {
      cause: error,
    });
  }
}

interface Source {
  readonly body: Buffer;
  readonly reader: BinaryReader;
  readonly bounds: OtlpBounds;
}

/** Where fields start and end within the body. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const decodeUtf8 = (bytes: Uint8Array) => utf8.decode(bytes);

/**
 * Reads fields up to `end`. `read` returns false for what it does not know, which is stepped over. A field of another wire type
 * than expected is unknown too.
 */
function readFields(source: Source, end: number, read: (field: number, wireType: WireType) => boolean): void {
  const { reader, bounds } = source;
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (wireType === WireType.StartGroup || wireType === WireType.EndGroup)
      throw new IngestRefusal("body_malformed", "The body holds a protobuf group, which OTLP does not have.");
    if (wireType === WireType.Varint || isMessage(wireType)) checkVarint(source, wireType);
    if (read(field, wireType)) continue;
    bounds.node();
    reader.skip(wireType, field);
  }
  if (reader.pos !== end)
    throw new IngestRefusal("body_malformed", `A field reaches beyond its message at byte ${end}.`);
}

/**
 * The reader drops the bits that do not fit into what it returns, and would take a length of 2^63 for none. Refused here are numbers
 * beyond 64 bits, and lengths beyond the body.
 */
function checkVarint({ reader, body }: Source, wireType: WireType): void {
  let value = 0;
  for (let i = 0; i < varintBytesMax; i++) {
    const byte = body[reader.pos + i] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte >= 0x80) continue;
    if (i === varintBytesMax - 1 && byte > 1) break;
    if (isMessage(wireType) && value > body.length) break;
    return;
  }
  throw new RangeError("a number beyond 64 bits, or a length beyond the body");
}

const varintBytesMax = 10;

/** The stretch of a message or of text that starts here; the reader then stands behind it. */
function stretch({ reader }: Source): Stretch {
  const length = reader.uint32();
  const from = reader.pos;
  if (from + length > reader.len) throw new RangeError("premature end");
  reader.pos = from + length;
  return { from, to: from + length };
}

/** Reads a nested message, and stands behind it afterwards. */
function readMessage(source: Source, read: (field: number, wireType: WireType) => boolean): void {
  const { from, to } = stretch(source);
  source.reader.pos = from;
  readFields(source, to, read);
}

const isMessage = (wireType: WireType) => wireType === WireType.LengthDelimited;

function readResourceLogs(source: Source, sink: EventSink): void {
  source.bounds.group();
  const scopeLogs: Stretch[] = [];
  let attributes: string[] = [];
  let schemaUrl = emptyText;
  readMessage(source, (field, wireType) => {
    if (!isMessage(wireType)) return false;
    if (field === 1) attributes = readResource(source);
    else if (field === 2) scopeLogs.push(stretch(source));
    else if (field === 3) schemaUrl = JSON.stringify(source.reader.string());
    else return false;
    return true;
  });
  const resource = resourceText(attributes, schemaUrl);
  revisit(source, scopeLogs, (end) => readScopeLogs(source, sink, resource, end));
}

function readScopeLogs(source: Source, sink: EventSink, resource: string, end: number): void {
  source.bounds.group();
  const records: Stretch[] = [];
  const scope = emptyScope();
  readFields(source, end, (field, wireType) => {
    if (!isMessage(wireType)) return false;
    if (field === 1) readScope(source, scope);
    else if (field === 2) {
      source.bounds.group();
      records.push(stretch(source));
    } else if (field === 3) scope.schemaUrl = JSON.stringify(source.reader.string());
    else return false;
    return true;
  });
  const opening = openText(resource, scope);
  revisit(source, records, (recordEnd) => addRecord(sink, opening, readRecord(source, recordEnd)));
}

/** What describes the elements of a list may stand behind it, so lists are read when all else is known. */
function revisit({ reader }: Source, stretches: readonly Stretch[], read: (end: number) => void): void {
  const behind = reader.pos;
  for (const { from, to } of stretches) {
    reader.pos = from;
    read(to);
  }
  reader.pos = behind;
}

function readResource(source: Source): string[] {
  const attributes: string[] = [];
  readMessage(source, (field, wireType) => {
    if (field !== 1 || !isMessage(wireType)) return false;
    attributes.push(readKeyValue(source, 1));
    return true;
  });
  return attributes;
}

function readScope(source: Source, scope: Scope): void {
  const attributes: string[] = [];
  readMessage(source, (field, wireType) => {
    if (!isMessage(wireType)) return false;
    if (field === 1) scope.name = JSON.stringify(source.reader.string());
    else if (field === 2) scope.version = JSON.stringify(source.reader.string());
    else if (field === 3) attributes.push(readKeyValue(source, 1));
    else return false;
    return true;
  });
  scope.attributes = attributes;
}

function readRecord(source: Source, end: number): LogRecord {
  const { reader } = source;
  const record = emptyRecord();
  const attributes: string[] = [];
  readFields(source, end, (field, wireType) => {
    switch ((field << 3) | wireType) {
      case (1 << 3) | WireType.Bit64:
        record.timeUnixNano = String(reader.fixed64());
        return true;
      case (2 << 3) | WireType.Varint:
        record.severityNumber = Math.max(0, reader.int32());
        return true;
      case (3 << 3) | WireType.LengthDelimited:
        record.severityText = JSON.stringify(reader.string());
        return true;
      case (5 << 3) | WireType.LengthDelimited:
        record.body = readValue(source, 1);
        return true;
      case (6 << 3) | WireType.LengthDelimited:
        attributes.push(readKeyValue(source, 1));
        return true;
      case (7 << 3) | WireType.Varint:
        record.droppedAttributesCount = reader.uint32();
        return true;
      case (8 << 3) | WireType.Bit32:
        record.flags = reader.fixed32();
        return true;
      case (9 << 3) | WireType.LengthDelimited:
        record.traceId = hexadecimal("trace_id", reader.bytes());
        return true;
      case (10 << 3) | WireType.LengthDelimited:
        record.spanId = hexadecimal("span_id", reader.bytes());
        return true;
      case (11 << 3) | WireType.Bit64:
        record.observedTimeUnixNano = String(reader.fixed64());
        return true;
      case (12 << 3) | WireType.LengthDelimited:
        record.eventName = JSON.stringify(reader.string());
        return true;
      default:
        return false;
    }
  });
  record.attributes = attributes;
  return record;
}

/** An id has 8 or 16 bytes; the bound only keeps nonsense small. */
function hexadecimal(name: string, bytes: Uint8Array): string {
  if (bytes.length > 32) throw new IngestRefusal("body_malformed", `${name} is longer than 32 bytes.`);
  return Buffer.from(bytes).toString("hex");
}

function readKeyValue(source: Source, depth: number): string {
  source.bounds.node();
  let key = "";
  let value: string | undefined;
  readMessage(source, (field, wireType) => {
    if (!isMessage(wireType)) return false;
    if (field === 1) key = source.reader.string();
    else if (field === 2) value = readValue(source, depth);
    else return false;
    return true;
  });
  return `${JSON.stringify(key)}:${value ?? "null"}`;
}

/** AnyValue as plain JSON; undefined when it holds nothing. */
function readValue(source: Source, depth: number): string | undefined {
  const { reader, bounds } = source;
  bounds.node();
  bounds.depth(depth);
  let text: string | undefined;
  readMessage(source, (field, wireType) => {
    switch ((field << 3) | wireType) {
      case (1 << 3) | WireType.LengthDelimited:
        text = JSON.stringify(reader.string());
        return true;
      case (2 << 3) | WireType.Varint:
        text = String(reader.bool());
        return true;
      case (3 << 3) | WireType.Varint:
        text = String(reader.int64());
        return true;
      case (4 << 3) | WireType.Bit64:
        text = doubleText(reader.double());
        return true;
      case (5 << 3) | WireType.LengthDelimited:
        text = `[${readList(source, () => readValue(source, depth + 1) ?? "null").join(",")}]`;
        return true;
      case (6 << 3) | WireType.LengthDelimited:
        text = objectText(readList(source, () => readKeyValue(source, depth + 1)));
        return true;
      case (7 << 3) | WireType.LengthDelimited:
        text = `"${Buffer.from(reader.bytes()).toString("base64")}"`;
        return true;
      default:
        return false;
    }
  });
  return text;
}

/** ArrayValue and KeyValueList: field 1, repeated. */
function readList(source: Source, read: () => string): string[] {
  const items: string[] = [];
  readMessage(source, (field, wireType) => {
    if (field !== 1 || !isMessage(wireType)) return false;
    items.push(read());
    return true;
  });
  return items;
}

function malformedAt({ reader }: Source): string {
  return `it cannot be read at byte ${reader.pos}, or holds text that is not UTF-8.`;
}
