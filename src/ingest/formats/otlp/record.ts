import { IngestRefusal } from "../../refusal.ts";
import type { EventSink } from "../sink.ts";

/** A log record on its way to the stored text. Absent members were not set by the sender. */
export interface LogRecord {
  /** Digits without leading zeros, "0" when unset. */
  timeUnixNano: string;
  observedTimeUnixNano: string;
  severityNumber: number;
  /** JSON texts from here on, unless said otherwise. */
  severityText: string;
  body: string | undefined;
  attributes: readonly string[];
  droppedAttributesCount: number;
  flags: number;
  eventName: string | undefined;
  /** Lower-case hexadecimal digits, empty when unset. */
  traceId: string;
  spanId: string;
}

export function emptyRecord(): LogRecord {
  return {
    timeUnixNano: "0",
    observedTimeUnixNano: "0",
    severityNumber: 0,
    severityText: emptyText,
    body: undefined,
    attributes: [],
    droppedAttributesCount: 0,
    flags: 0,
    eventName: undefined,
    traceId: "",
    spanId: "",
  };
}

/** Of the scope that records come from; JSON texts as in a record. */
export interface Scope {
  name: string;
  version: string;
  attributes: readonly string[];
  schemaUrl: string;
}

export const emptyText = '""';

export function emptyScope(): Scope {
  return { name: emptyText, version: emptyText, attributes: [], schemaUrl: emptyText };
}

/** `members` are JSON texts such as `"key":1`. */
export function objectText(members: readonly string[]): string {
  return `{${members.join(",")}}`;
}

export function resourceText(attributes: readonly string[], schemaUrl: string): string {
  return objectText([`"attributes":${objectText(attributes)}`, ...unlessEmpty("schemaUrl", schemaUrl)]);
}

function scopeText({ name, version, attributes, schemaUrl }: Scope): string {
  return objectText([
    `"name":${name}`,
    ...unlessEmpty("version", version),
    ...(attributes.length > 0 ? [`"attributes":${objectText(attributes)}`] : []),
    ...unlessEmpty("schemaUrl", schemaUrl),
  ]);
}

function unlessEmpty(name: string, text: string): string[] {
  return text === emptyText ? [] : [`"${name}":${text}`];
}

/** What the records of one scope share, as the beginning of each of their texts. AWS bounds it to 16 KiB. */
export function openText(resource: string, from: Scope): string {
  const scope = scopeText(from);
  const bytes = Buffer.byteLength(resource) + Buffer.byteLength(scope);
  if (bytes > originBytesMax)
    throw new IngestRefusal(
      "body_too_large",
      `A resource and scope of ${bytes} bytes exceed the limit of ${originBytesMax}.`,
    );
  return `{"resource":${resource},"scope":${scope},`;
}

const originBytesMax = 16_384;

/**
 * Adds the record as one JSON object, its members in the order in which AWS stores them. Texts are joined and numbers never pass
 * through a floating-point one, so that 19 digits stay 19 digits.
 */
export function addRecord(sink: EventSink, opening: string, record: LogRecord): void {
  let text = `${opening}"timeUnixNano":${record.timeUnixNano},"observedTimeUnixNano":${record.observedTimeUnixNano}`;
  text += `,"severityNumber":${record.severityNumber},"severityText":${record.severityText}`;
  if (record.body !== undefined) text += `,"body":${record.body}`;
  if (record.attributes.length > 0) text += `,"attributes":${objectText(record.attributes)}`;
  if (record.droppedAttributesCount > 0) text += `,"droppedAttributesCount":${record.droppedAttributesCount}`;
  if (record.flags > 0) text += `,"flags":${record.flags}`;
  if (record.eventName !== undefined) text += `,"eventName":${record.eventName}`;
  if (record.traceId !== "") text += `,"traceId":"${record.traceId}"`;
  if (record.spanId !== "") text += `,"spanId":"${record.spanId}"`;
  sink.addText(nanosToMs(record.timeUnixNano) ?? nanosToMs(record.observedTimeUnixNano), `${text}}`);
}

/** Whole milliseconds; undefined for 0, which means that the sender did not say. */
function nanosToMs(nanos: string): number | undefined {
  if (nanos === "0") return undefined;
  return nanos.length > 6 ? Number(nanos.slice(0, -6)) : 0;
}

/** JSON knows no such numbers; OTLP's own JSON writes them as these strings too. */
export function doubleText(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/** How deep the values of a record may be nested. */
const valueDepthMax = 32;
/**
 * Values, attributes and unknown fields of one request. One that is within the limit on stored bytes cannot hold many more, as each
 * is some twenty bytes there; without a bound, megabytes of empty ones would each cost an object.
 */
const nodesMax = 120_000;
/** Records, of which AWS takes 10,000, and the resources and scopes around them. */
const groupsMax = 30_000;

/** Counts what is read, and refuses what is beyond the bounds. */
export interface OtlpBounds {
  node(): void;
  /** A resource, a scope or a record. */
  group(): void;
  depth(depth: number): void;
}

export function createOtlpBounds(): OtlpBounds {
  let nodes = 0;
  let groups = 0;
  return {
    node: () => {
      if (++nodes > nodesMax) throw tooMany("values", nodesMax);
    },
    group: () => {
      if (++groups > groupsMax) throw tooMany("resources, scopes and records", groupsMax);
    },
    depth: (depth) => {
      if (depth > valueDepthMax)
        throw new IngestRefusal("body_malformed", `Values are nested deeper than ${valueDepthMax} levels.`);
    },
  };
}

function tooMany(what: string, max: number): IngestRefusal {
  return new IngestRefusal("body_too_large", `More than ${max} ${what} in one request.`);
}
