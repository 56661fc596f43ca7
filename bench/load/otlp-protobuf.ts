import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  type AnyValue,
  type KeyValue,
  message,
  text,
  writeKeyValue,
  writeValue,
} from "../../test/support/otlp-writer.ts";

/** A log record as OTLP's JSON has it, in what the load uses. */
interface LogRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AnyValue;
  readonly attributes: readonly KeyValue[];
}

interface LogsRequest {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
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
  for (const { resource, scopeLogs } of request.resourceLogs)
    message(writer, 1, () => {
      message(writer, 1, () => {
        for (const attribute of resource.attributes) writeKeyValue(writer, 1, attribute);
      });
      for (const { scope, logRecords } of scopeLogs)
        message(writer, 2, () => {
          message(writer, 1, () => text(writer, 1, scope.name));
          for (const record of logRecords) message(writer, 2, () => writeRecord(writer, record));
        });
    });
  return writer.finish();
}

function writeRecord(writer: BinaryWriter, record: LogRecord): void {
  writer.tag(1, WireType.Bit64).fixed64(record.timeUnixNano);
  writer.tag(2, WireType.Varint).int32(record.severityNumber);
  text(writer, 3, record.severityText);
  message(writer, 5, () => writeValue(writer, record.body));
  for (const attribute of record.attributes) writeKeyValue(writer, 6, attribute);
}
