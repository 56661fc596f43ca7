import { gzipSync } from "node:zlib";

/** What an agent for logs puts on the wire, as its manual tells, and what is to be stored of it. */
export interface AgentRequest {
  readonly agent: string;
  readonly path: string;
  readonly headers: (key: string) => Record<string, string>;
  readonly body: string | Buffer;
  readonly stored: readonly string[];
}

const seconds = Math.floor(Date.now() / 1000);
const json = "application/json";
const bearer = (contentType: string) => (key: string) => ({
  authorization: `Bearer ${key}`,
  "content-type": contentType,
});
const splunk =
  (more: Record<string, string> = {}) =>
  (key: string) => ({ authorization: `Splunk ${key}`, ...more });
const gzip = (headers: (key: string) => Record<string, string>) => (key: string) => ({
  ...headers(key),
  "content-encoding": "gzip",
});

const rsyslog = ["first", 'the "second"'].map(
  (text) => `{"event":${JSON.stringify(text)},"time":${seconds}.123456,"host":"web-1","source":"rsyslog"}`,
);
const fluentBit = ["a", "b"].map((log) => `{"timestamp":${seconds * 1000},"log":"${log}"}`);
const fluentBitSplunk = ["a", "b"].map((log) => `{"time":${seconds}.123456789,"event":{"log":"${log}"}}`);
const vector = ["a", "b"].map(
  (message) => `{"host":"web-1","message":"${message}","timestamp":"2026-11-21T10:00:00.123456789Z"}`,
);
const vectorHec = ["a", "b"].map(
  (message) => `{"event":{"message":"${message}"},"fields":{},"time":${seconds}.123,"host":"web-1"}`,
);
const otelHec = ["a", "b"].map(
  (text) =>
    `{"time":${seconds}.12,"host":"unknown","source":"otel","sourcetype":"st","index":"main","event":"${text}","fields":{"k":"v"}}`,
);

export const agentRequests: readonly AgentRequest[] = [
  {
    agent: "rsyslog (omawslogshlc), objects one behind the other",
    path: "/services/collector/event",
    headers: bearer(json),
    body: rsyslog.join(""),
    stored: rsyslog,
  },
  {
    agent: "Fluent Bit (http), JSON lines, compressed",
    path: "/ingest/bulk",
    headers: gzip(bearer("application/x-ndjson")),
    body: gzipSync(`${fluentBit.join("\n")}\n`),
    stored: fluentBit,
  },
  {
    agent: "Fluent Bit (http), an array",
    path: "/ingest/json",
    headers: bearer(json),
    body: `[${fluentBit}]`,
    stored: fluentBit,
  },
  {
    agent: "Fluent Bit (splunk), compressed, with a channel",
    path: "/services/collector/event",
    headers: gzip(splunk({ "content-type": json, "x-splunk-request-channel": crypto.randomUUID() })),
    body: gzipSync(fluentBitSplunk.join("")),
    stored: fluentBitSplunk,
  },
  {
    agent: "Vector (http), an array",
    path: "/ingest/json",
    headers: bearer(json),
    body: `[${vector}]`,
    stored: vector,
  },
  {
    agent: "Vector (http), newline_delimited, compressed",
    path: "/ingest/bulk",
    headers: gzip(bearer("application/x-ndjson")),
    body: gzipSync(vector.join("\n")),
    stored: vector,
  },
  {
    agent: "Vector (splunk_hec_logs), compressed",
    path: "/services/collector/event",
    headers: gzip(splunk({ "content-type": json, "x-splunk-request-channel": crypto.randomUUID() })),
    body: gzipSync(vectorHec.join("")),
    stored: vectorHec,
  },
  {
    agent: "OpenTelemetry Collector (splunkhec), compressed",
    path: "/services/collector",
    headers: gzip(splunk({ "content-type": json })),
    body: gzipSync(otelHec.join("\n")),
    stored: otelHec,
  },
  {
    agent: "syslog-ng (http), batches of lines",
    path: "/services/collector/event",
    headers: bearer(json),
    body: `{"time":"${seconds}.000","source":"shop","event":"a"}\n{"time":"${seconds}.000","source":"shop","event":"b"}`,
    stored: ["a", "b"].map((event) => `{"time":"${seconds}.000","source":"shop","event":"${event}"}`),
  },
];
