import { toOtlpProtobuf } from "./otlp-protobuf.ts";
import { type PeerName, peers } from "./peers.ts";

/** What the load is made of: events of some 260 bytes, all different, in each format of the endpoint, or as a peer takes them. */
export const formats = ["nd-json", "json", "hlc", "otlp-json", "otlp-protobuf"] as const;
export type Format = (typeof formats)[number] | PeerName;

interface Shape {
  readonly path: string;
  readonly contentType: string;
  body(events: readonly string[], nowMs: number): string | Uint8Array;
  event(index: number, nowMs: number): string;
}

const shapes: Readonly<Record<Format, Shape>> = {
  "nd-json": {
    path: "/ingest/bulk",
    contentType: "application/x-ndjson",
    event: plainEvent,
    body: (events) => events.join("\n"),
  },
  json: {
    path: "/ingest/json",
    contentType: "application/json",
    event: plainEvent,
    body: (events) => `[${events.join(",")}]`,
  },
  hlc: {
    path: "/services/collector/event",
    contentType: "application/json",
    event: (index, nowMs) => `{"time":${nowMs / 1000},"event":${plainEvent(index, nowMs)}}`,
    body: (events) => events.join(""),
  },
  "otlp-json": {
    path: "/v1/logs",
    contentType: "application/json",
    event: otlpRecord,
    body: otlpRequest,
  },
  "otlp-protobuf": {
    path: "/v1/logs",
    contentType: "application/x-protobuf",
    event: otlpRecord,
    body: (records) => toOtlpProtobuf(otlpRequest(records)),
  },
  victorialogs: { ...peers.victorialogs, event: plainEvent },
  loki: { ...peers.loki, event: plainEvent },
};

/** One request, ready for the wire. */
export function requestOf(options: {
  readonly format: Format;
  readonly first: number;
  readonly count: number;
  readonly host: string;
  readonly key: string;
  readonly group: string;
  readonly stream: string;
  readonly headers?: Readonly<Record<string, string>>;
}): { readonly bytes: Buffer; readonly bodyBytes: number } {
  const { format, first, count, host, key, group, stream, headers = {} } = options;
  const shape = shapes[format];
  const nowMs = Date.now();
  const events = Array.from({ length: count }, (_, index) => shape.event(first + index, nowMs));
  const content = shape.body(events, nowMs);
  const body = typeof content === "string" ? Buffer.from(content) : content;
  const head = [
    `POST ${shape.path} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${key}`,
    `x-aws-log-group: ${group}`,
    `x-aws-log-stream: ${stream}`,
    `Content-Type: ${shape.contentType}`,
    `Content-Length: ${body.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return {
    bytes: Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]),
    bodyBytes: body.length,
  };
}

function plainEvent(index: number, nowMs: number): string {
  return `{"timestamp":${nowMs},${details(index)}}`;
}

/** `id` tells events apart when they are counted afterwards. */
function details(index: number): string {
  const scattered = (index * 2_654_435_761) >>> 0;
  const level = index % 53 === 0 ? "ERROR" : index % 11 === 0 ? "WARN" : "INFO";
  return `"level":"${level}","service":"checkout-${index % 7}","traceId":"${scattered.toString(16).padStart(8, "0")}${((index * 40_503) >>> 0).toString(16).padStart(8, "0")}","user":"u${scattered % 100_000}","path":"/api/v1/orders/${scattered % 1_000_003}","status":${200 + (scattered % 5)},"durationMs":${(scattered % 100_000) / 10},"text":"request was handled by worker ${index % 32} after ${index % 9} retries","id":${index}`;
}

function otlpRequest(records: readonly string[]): string {
  return `{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"checkout"}}]},"scopeLogs":[{"scope":{"name":"bench"},"logRecords":[${records.join(",")}]}]}]}`;
}

function otlpRecord(index: number, nowMs: number): string {
  const scattered = (index * 2_654_435_761) >>> 0;
  return `{"timeUnixNano":"${nowMs}000000","severityNumber":9,"severityText":"INFO","body":{"stringValue":"request was handled by worker ${index % 32}, id ${index}"},"attributes":[{"key":"http.status","value":{"intValue":"${200 + (scattered % 5)}"}},{"key":"user","value":{"stringValue":"u${scattered % 100_000}"}}]}`;
}
