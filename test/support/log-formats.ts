import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** One of the formats that the endpoint takes events in, with bodies of any size, and a reader of its errors. */
export interface LogFormat {
  readonly name: string;
  readonly path: string;
  readonly contentType: string;
  /** OTLP counts the limit on what is stored, and knows its target by headers only. */
  readonly otlp: boolean;
  /** One event each; the texts are stored within the messages. */
  body(...texts: string[]): Buffer;
  /** A body of exactly so many bytes with the event `text` in it. */
  padded(text: string, bytes: number): Buffer;
  /** Name and text of an error; the name is a number where the format has numbers. */
  readError(body: Buffer): { readonly name: string | number; readonly message: string };
}

const json = "application/json";

const awsError = (body: Buffer) => {
  const { __type: name, message } = JSON.parse(body.toString());
  return { name, message };
};

const text = (value: string) => JSON.stringify(value);

function textFormat(
  name: string,
  path: string,
  join: (texts: string[]) => string,
  contentType = json,
): LogFormat {
  const body = (...texts: string[]) => Buffer.from(join(texts));
  return {
    name,
    path,
    contentType,
    otlp: path === "/v1/logs",
    body,
    padded: (marker, bytes) => {
      const one = body(marker);
      return Buffer.concat([one, Buffer.alloc(bytes - one.length, " ")]);
    },
    readError: awsError,
  };
}

const hlc = textFormat("HLC", "/services/collector/event", (texts) =>
  texts.map((one) => `{"event":${text(one)}}`).join(""),
);
const ndJson = textFormat(
  "ND-JSON",
  "/ingest/bulk",
  (texts) => texts.map((one) => `{"m":${text(one)}}\n`).join(""),
  "application/x-ndjson",
);
const structured = textFormat(
  "JSON",
  "/ingest/json",
  (texts) => `[${texts.map((one) => `{"m":${text(one)}}`)}]`,
);
const otlpJson: LogFormat = {
  ...textFormat(
    "OTLP as JSON",
    "/v1/logs",
    (texts) =>
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${texts.map((one) => `{"body":{"stringValue":${text(one)}}}`)}]}]}]}`,
  ),
  readError: (body) => {
    const { code: name, message } = JSON.parse(body.toString());
    return { name, message };
  },
};
const otlpProtobuf: LogFormat = {
  name: "OTLP as protobuf",
  path: "/v1/logs",
  contentType: "application/x-protobuf",
  otlp: true,
  body: (...texts) => Buffer.from(writeLogs(texts).finish()),
  padded: (marker, bytes) => {
    const one = otlpProtobuf.body(marker);
    // An unknown field: two bytes of tag, four of a length beyond 2 MiB.
    const padding = new BinaryWriter().tag(99, WireType.LengthDelimited);
    padding.bytes(Buffer.alloc(bytes - one.length - 6));
    return Buffer.concat([one, padding.finish()]);
  },
  readError: (body) => {
    const reader = new BinaryReader(body);
    const status: { name: string | number; message: string } = { name: 0, message: "" };
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 1) status.name = reader.int32();
      else if (field === 2) status.message = reader.string();
      else reader.skip(wireType, field);
    }
    return status;
  },
};

export const logFormats: readonly LogFormat[] = [hlc, ndJson, structured, otlpJson, otlpProtobuf];
export const jsonFormats: readonly LogFormat[] = [hlc, ndJson, structured];
export const otlpFormats: readonly LogFormat[] = [otlpJson, otlpProtobuf];

/** ExportLogsServiceRequest → ResourceLogs → ScopeLogs → LogRecord → body → string. */
function writeLogs(texts: readonly string[]): BinaryWriter {
  const writer = new BinaryWriter();
  const open = (field: number) => writer.tag(field, WireType.LengthDelimited).fork();
  open(1);
  open(2);
  for (const one of texts) {
    open(2);
    open(5);
    writer.tag(1, WireType.LengthDelimited).string(one);
    writer.join();
    writer.join();
  }
  writer.join();
  writer.join();
  return writer;
}
