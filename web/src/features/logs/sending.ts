/** Commands and settings that send to one group and stream. They name the key by a variable: its value is shown nowhere. */

export interface Target {
  /** Of the endpoint, without a slash at the end. */
  readonly url: string;
  readonly group: string;
  readonly stream: string;
}

export interface Instruction {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly text: string;
}

/** Stands for the key wherever one is needed. */
export const keyVariable = "LOGS_API_KEY";

export function instructionsFor(target: Target): Instruction[] {
  return [
    {
      id: "curl",
      title: "curl",
      note: "One JSON object on each line. A time in milliseconds may stand in timestamp.",
      text: curlOf(target),
    },
    {
      id: "otel",
      title: "OpenTelemetry SDK",
      note: "For programs with an OpenTelemetry SDK: no code has to change.",
      text: openTelemetryOf(target),
    },
    {
      id: "collector",
      title: "OpenTelemetry Collector",
      note: "An exporter to name in a pipeline for logs.",
      text: collectorOf(target),
    },
    {
      id: "fluent-bit",
      title: "Fluent Bit",
      note: "An output for everything that it reads.",
      text: fluentBitOf(target),
    },
    {
      id: "hec",
      title: "Splunk HEC",
      note: "For senders that know the HTTP Event Collector. The header may say Splunk instead of Bearer.",
      text: hecOf(target),
    },
    {
      id: "aws",
      title: "AWS CLI",
      note: "Signed with an access key instead of an API key; the group need not take API keys.",
      text: awsOf(target),
    },
  ];
}

function curlOf(target: Target): string {
  return [
    `export ${keyVariable}='paste the key here'`,
    "",
    `curl '${target.url}/ingest/bulk?${queryOf(target)}' \\`,
    `  -H "Authorization: Bearer $${keyVariable}" \\`,
    "  -H 'Content-Type: application/x-ndjson' \\",
    `  --data-binary '{"level":"info","message":"hello"}'`,
  ].join("\n");
}

function openTelemetryOf({ url, group, stream }: Target): string {
  const headers = [
    `authorization=Bearer%20$${keyVariable}`,
    `x-aws-log-group=${encode(group)}`,
    `x-aws-log-stream=${encode(stream)}`,
  ];
  return [
    `export ${keyVariable}='paste the key here'`,
    "",
    "export OTEL_LOGS_EXPORTER=otlp",
    "export OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/protobuf",
    `export OTEL_EXPORTER_OTLP_LOGS_ENDPOINT='${url}/v1/logs'`,
    `export OTEL_EXPORTER_OTLP_LOGS_HEADERS="${headers.join(",")}"`,
  ].join("\n");
}

function collectorOf({ url, group, stream }: Target): string {
  return [
    "exporters:",
    "  otlphttp/nephoscope:",
    `    logs_endpoint: ${JSON.stringify(`${url}/v1/logs`)}`,
    "    headers:",
    `      authorization: "Bearer \${env:${keyVariable}}"`,
    `      x-aws-log-group: ${JSON.stringify(group)}`,
    // The Collector reads a dollar sign as the beginning of a variable; groups cannot have one.
    `      x-aws-log-stream: ${JSON.stringify(stream.replaceAll("$", () => "$$"))}`,
  ].join("\n");
}

function fluentBitOf(target: Target): string {
  const { protocol, hostname, port } = new URL(target.url);
  const secure = protocol === "https:";
  return [
    "[OUTPUT]",
    "    Name              http",
    "    Match             *",
    `    Host              ${hostname}`,
    `    Port              ${port || (secure ? "443" : "80")}`,
    `    Tls               ${secure ? "on" : "off"}`,
    `    URI               /ingest/bulk?${queryOf(target)}`,
    "    Format            json_lines",
    "    Json_date_key     timestamp",
    "    Json_date_format  epoch_ms",
    "    Compress          gzip",
    `    Header            Authorization Bearer \${${keyVariable}}`,
  ].join("\n");
}

function hecOf(target: Target): string {
  return [
    `export ${keyVariable}='paste the key here'`,
    "",
    `curl '${target.url}/services/collector/event?${queryOf(target)}' \\`,
    `  -H "Authorization: Bearer $${keyVariable}" \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"event":{"level":"info","message":"hello"},"host":"web-1"}'`,
  ].join("\n");
}

function awsOf({ url, group, stream }: Target): string {
  return [
    `aws logs put-log-events --endpoint-url '${url}' \\`,
    `  --log-group-name ${shellQuote(group)} --log-stream-name ${shellQuote(stream)} \\`,
    '  --log-events "timestamp=$(date +%s000),message=hello"',
  ].join("\n");
}

const queryOf = ({ group, stream }: Target) => `logGroup=${encode(group)}&logStream=${encode(stream)}`;

/** Also for texts between single quotes of a shell. */
const encode = (text: string) => encodeURIComponent(text).replaceAll("'", "%27");

const shellQuote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
