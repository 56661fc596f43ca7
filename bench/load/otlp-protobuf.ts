import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** A log record as OTLP's JSON has it, in what the load uses. */
interface LogRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: Value;
  readonly attributes: readonly Attribute[];
}

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

interface Value {
  readonly stringValue?: string;
  readonly intValue?: string;
}

interface LogsRequest {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeLogs: readonly {
      readonly scope: { readonly name: string };
      readonly logRecords: readonly LogRecord[];
    }[];
  }[];
}

/** The same request as its JSON, in binary, as exporters write it: fields in the order of their numbers. */
export function toOtlpProtobuf(json: string): Uint8Array {
  const request = JSON.parse(json) as LogsRequest;
  const writer = new BinaryWriter();
  const message = (field: number, write: () => void) => {
    writer.tag(field, WireType.LengthDelimited).fork();
    write();
    writer.join();
  };
  const text = (field: number, value: string) => writer.tag(field, WireType.LengthDelimited).string(value);
  const value = (field: number, { stringValue, intValue }: Value) =>
    message(field, () => {
      if (stringValue !== undefined) text(1, stringValue);
      if (intValue !== undefined) writer.tag(3, WireType.Varint).int64(intValue);
    });
  const attributes = (field: number, all: readonly Attribute[]) => {
    for (const attribute of all)
      message(field, () => {
        text(1, attribute.key);
        value(2, attribute.value);
      });
  };
  const logRecord = (one: LogRecord) => {
    writer.tag(1, WireType.Bit64).fixed64(one.timeUnixNano);
    writer.tag(2, WireType.Varint).int32(one.severityNumber);
    text(3, one.severityText);
    value(5, one.body);
    attributes(6, one.attributes);
  };
  for (const { resource, scopeLogs } of request.resourceLogs)
    message(1, () => {
      message(1, () => attributes(1, resource.attributes));
      for (const { scope, logRecords } of scopeLogs)
        message(2, () => {
          message(1, () => text(1, scope.name));
          for (const one of logRecords) message(2, () => logRecord(one));
        });
    });
  return writer.finish();
}
