import type { MetricNaming } from "../../contract/index.ts";
import { familyName, labelsOf } from "../naming.ts";
import type { Encoder } from "./encoder.ts";
import { createProtobufWriter, type ProtobufWriter } from "./protobuf.ts";
import { compressSnappy } from "./snappy.ts";

/** Fields of `prometheus.WriteRequest` 1.0 and what it holds. */
const fields = { timeseries: 1, labels: 1, samples: 2, name: 1, labelValue: 2, value: 1, timestamp: 2 };

/** Prometheus remote write 1.0: labels sorted by name, samples in the order of time, times in milliseconds. */
export function createRemoteWriteEncoder(naming: MetricNaming): Encoder {
  return {
    encode: (series) => {
      const writer = createProtobufWriter();
      for (const one of series) {
        writer.message(fields.timeseries, () => {
          // `__name__` sorts before every other label, as those begin with a letter.
          writeLabel(writer, "__name__", familyName(one));
          for (const [name, value] of labelsOf(one, naming)) writeLabel(writer, name, value);
          for (const [second, value] of one.points) {
            writer.message(fields.samples, () => {
              writer.double(fields.value, value);
              writer.int64(fields.timestamp, second * 1000);
            });
          }
        });
      }
      return {
        body: compressSnappy(writer.finish()),
        headers: {
          "content-type": "application/x-protobuf",
          "content-encoding": "snappy",
          "x-prometheus-remote-write-version": "0.1.0",
        },
      };
    },
    // Version 1.0 has no answer but the status.
    rejected: () => ({ points: 0, message: "" }),
  };
}

function writeLabel(writer: ProtobufWriter, name: string, value: string): void {
  writer.message(fields.labels, () => {
    writer.text(fields.name, name);
    writer.text(fields.labelValue, value);
  });
}
