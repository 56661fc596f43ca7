import type { DemoLogs } from "./logs.ts";
import type { ShopEvent } from "./shop-events.ts";

/** One of the ways in: where requests go, how events are written there, and how a field of theirs is found again. */
export interface LogFormat {
  readonly name: string;
  readonly path: string;
  readonly mediaType: string;
  encode(events: readonly ShopEvent[], atMs: number): string;
  /** Filter pattern for events with this field. */
  pattern(field: string, value: string): string;
}

export const logFormats: readonly LogFormat[] = [
  {
    name: "ND-JSON",
    path: "/ingest/bulk",
    mediaType: "application/x-ndjson",
    encode: (events, atMs) =>
      events
        .map(({ level, message, fields }) => JSON.stringify({ timestamp: atMs, level, message, ...fields }))
        .join("\n"),
    pattern: (field, value) => `{ $.${field} = "${value}" }`,
  },
  {
    name: "OTLP",
    path: "/v1/logs",
    mediaType: "application/json",
    encode: (events, atMs) =>
      JSON.stringify({
        resourceLogs: [
          {
            resource: { attributes: toAttributes({ "service.name": "checkout" }) },
            scopeLogs: [
              { scope: { name: "shop" }, logRecords: events.map((event) => toRecord(event, atMs)) },
            ],
          },
        ],
      }),
    pattern: (field, value) => `{ $.attributes.${field} = "${value}" }`,
  },
];

/** As OpenTelemetry counts. */
const severityNumbers = { info: 9, warn: 13, error: 17 } as const;

function toRecord({ level, message, fields }: ShopEvent, atMs: number) {
  return {
    timeUnixNano: `${atMs}000000`,
    observedTimeUnixNano: `${atMs}000000`,
    severityNumber: severityNumbers[level],
    severityText: level.toUpperCase(),
    body: { stringValue: message },
    attributes: toAttributes(fields),
  };
}

function toAttributes(fields: ShopEvent["fields"]) {
  return Object.entries(fields).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
  }));
}

/** One request, as a sender makes it that knows nothing but an address and a key. Throws when it is not stored. */
export async function sendLogEvents(
  endpointUrl: string,
  { group, stream, key }: DemoLogs,
  format: LogFormat,
  events: readonly ShopEvent[],
): Promise<void> {
  const response = await fetch(new URL(format.path, endpointUrl), {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": format.mediaType,
      "x-aws-log-group": group,
      "x-aws-log-stream": stream,
    },
    body: format.encode(events, Date.now()),
  });
  const answer = await response.text();
  if (!response.ok || answer.includes("partialSuccess"))
    throw new Error(`sending ${format.name} to ${format.path}: ${response.status} ${answer}`);
}
