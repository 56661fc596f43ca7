import { gunzipSync } from "node:zlib";
import { type Message, readProtobuf } from "./protobuf.ts";
import { uncompressSnappy } from "./snappy.ts";

export interface WrittenSeries {
  readonly labels: [string, string][];
  /** [value, milliseconds] */
  readonly samples: [number, number][];
}

/** A request of Prometheus remote write 1.0. */
export function readWriteRequest(body: Buffer): WrittenSeries[] {
  return readProtobuf(uncompressSnappy(body))
    .messages(1)
    .map((series) => ({
      labels: series.messages(1).map((label) => [label.texts(1)[0] ?? "", label.texts(2)[0] ?? ""]),
      samples: series.messages(2).map((sample) => [sample.doubles(1)[0] ?? 0, sample.numbers(2)[0] ?? 0]),
    }));
}

export interface OtlpPoint {
  readonly resource: Record<string, string>;
  readonly name: string;
  readonly unit: string;
  readonly attributes: Record<string, string>;
  readonly start: bigint;
  readonly time: bigint;
  readonly value: number;
}

/** The points of all gauges of an OTLP metrics request. */
export function readOtlpRequest(body: Buffer): OtlpPoint[] {
  return readProtobuf(gunzipSync(body))
    .messages(1)
    .flatMap((resource) =>
      resource.messages(2).flatMap((scope) =>
        scope.messages(2).flatMap((metric) =>
          metric.messages(5).flatMap((gauge) =>
            gauge.messages(1).map((point) => ({
              resource: attributesOf(resource.messages(1)[0], 1),
              name: metric.texts(1)[0] ?? "",
              unit: metric.texts(3)[0] ?? "",
              attributes: attributesOf(point, 7),
              start: point.fixed64s(2)[0] ?? 0n,
              time: point.fixed64s(3)[0] ?? 0n,
              value: point.doubles(4)[0] ?? Number.NaN,
            })),
          ),
        ),
      ),
    );
}

function attributesOf(message: Message | undefined, field: number): Record<string, string> {
  const pairs = message?.messages(field) ?? [];
  return Object.fromEntries(
    pairs.map((pair) => [pair.texts(1)[0] ?? "", pair.messages(2)[0]?.texts(1)[0] ?? ""]),
  );
}
