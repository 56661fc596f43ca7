import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** A value as OTLP's JSON writes it, in the parts that both encodings know. */
export type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } }
  | { readonly bytesValue: string };
export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}
export interface Record {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AnyValue;
  readonly attributes: readonly KeyValue[];
  readonly flags: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
}
export interface Request {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeLogs: readonly {
      readonly scope: {
        readonly name: string;
        readonly version: string;
        readonly attributes: readonly KeyValue[];
      };
      readonly logRecords: readonly Record[];
      readonly schemaUrl: string;
    }[];
    readonly schemaUrl: string;
  }[];
}

/** The same request as binary protobuf, written field by field from the published numbers. */
export function writeOtlp(request: Request): Buffer {
  const writer = new BinaryWriter();
  for (const { resource, scopeLogs, schemaUrl } of request.resourceLogs)
    message(writer, 1, () => {
      // The lists stand before what describes their elements, which is as good an order as any.
      for (const { scope, logRecords, schemaUrl } of scopeLogs)
        message(writer, 2, () => {
          for (const record of logRecords) message(writer, 2, () => writeRecord(writer, record));
          message(writer, 1, () => {
            text(writer, 1, scope.name);
            text(writer, 2, scope.version);
            for (const attribute of scope.attributes) writeKeyValue(writer, 3, attribute);
          });
          text(writer, 3, schemaUrl);
        });
      message(writer, 1, () => {
        for (const attribute of resource.attributes) writeKeyValue(writer, 1, attribute);
      });
      text(writer, 3, schemaUrl);
    });
  return Buffer.from(writer.finish());
}

function writeRecord(writer: BinaryWriter, record: Record): void {
  writer.tag(1, WireType.Bit64).fixed64(record.timeUnixNano);
  writer.tag(2, WireType.Varint).int32(record.severityNumber);
  text(writer, 3, record.severityText);
  message(writer, 5, () => writeValue(writer, record.body));
  for (const attribute of record.attributes) writeKeyValue(writer, 6, attribute);
  writer.tag(8, WireType.Bit32).fixed32(record.flags);
  writer.tag(9, WireType.LengthDelimited).bytes(Buffer.from(record.traceId, "hex"));
  writer.tag(10, WireType.LengthDelimited).bytes(Buffer.from(record.spanId, "hex"));
  writer.tag(11, WireType.Bit64).fixed64(record.observedTimeUnixNano);
  text(writer, 12, record.eventName);
  // A field that OTLP may have one day.
  text(writer, 99, "unknown");
}

export function writeKeyValue(writer: BinaryWriter, field: number, { key, value }: KeyValue): void {
  message(writer, field, () => {
    text(writer, 1, key);
    message(writer, 2, () => writeValue(writer, value));
  });
}

export function writeValue(writer: BinaryWriter, value: AnyValue): void {
  if ("stringValue" in value) text(writer, 1, value.stringValue);
  else if ("boolValue" in value) writer.tag(2, WireType.Varint).bool(value.boolValue);
  else if ("intValue" in value) writer.tag(3, WireType.Varint).int64(value.intValue);
  else if ("doubleValue" in value) writer.tag(4, WireType.Bit64).double(value.doubleValue);
  else if ("arrayValue" in value)
    message(writer, 5, () => {
      for (const item of value.arrayValue.values) message(writer, 1, () => writeValue(writer, item));
    });
  else if ("kvlistValue" in value)
    message(writer, 6, () => {
      for (const item of value.kvlistValue.values) writeKeyValue(writer, 1, item);
    });
  else writer.tag(7, WireType.LengthDelimited).bytes(Buffer.from(value.bytesValue, "base64"));
}

export function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

export function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}
