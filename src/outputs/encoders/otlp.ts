import { gzipSync } from "node:zlib";
import type { FedSeries } from "../../telemetry/index.ts";
import type { Encoder } from "./encoder.ts";
import { readRejected } from "./otlp-answer.ts";
import { createProtobufWriter, type ProtobufWriter } from "./protobuf.ts";
import { ucumOf } from "./units.ts";

/** Fields of `opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest` and what it holds. */
const request = { resourceMetrics: 1 };
const resourceMetrics = { resource: 1, scopeMetrics: 2 };
const resource = { attributes: 1 };
const scopeMetrics = { scope: 1, metrics: 2 };
const scope = { name: 1 };
const metric = { name: 1, unit: 3, gauge: 5 };
const gauge = { dataPoints: 1 };
const dataPoint = { startTime: 2, time: 3, asDouble: 4, attributes: 7 };
const keyValue = { key: 1, value: 2 };
const anyValue = { stringValue: 1 };

/**
 * OTLP metrics as protobuf, gzipped. Names and times are those of AWS's own metric streams: a point covers its period from
 * `start_time` to `time`. All are gauges, with the statistic as an attribute: a sum over five minutes as a delta sum would be
 * dropped by the receivers that only know cumulative ones.
 */
export const otlpEncoder: Encoder = {
  encode: (series) => {
    const writer = createProtobufWriter();
    for (const group of groupBy(series, ({ accountId, region }) => `${accountId} ${region}`)) {
      writer.message(request.resourceMetrics, () => writeResource(writer, group));
    }
    return {
      body: gzipSync(writer.finish(), { level: 1 }),
      headers: { "content-type": "application/x-protobuf", "content-encoding": "gzip" },
    };
  },
  rejected: readRejected,
};

function writeResource(writer: ProtobufWriter, series: readonly FedSeries[]): void {
  const [first] = series as [FedSeries];
  writer.message(resourceMetrics.resource, () => {
    writeAttribute(writer, resource.attributes, "cloud.provider", "aws");
    writeAttribute(writer, resource.attributes, "cloud.account.id", first.accountId);
    writeAttribute(writer, resource.attributes, "cloud.region", first.region);
  });
  writer.message(resourceMetrics.scopeMetrics, () => {
    writer.message(scopeMetrics.scope, () => writer.text(scope.name, "nephoscope"));
    for (const group of groupBy(
      series,
      ({ namespace, metricName, unit }) => `${namespace}/${metricName} ${unit}`,
    )) {
      writer.message(scopeMetrics.metrics, () => writeMetric(writer, group));
    }
  });
}

function writeMetric(writer: ProtobufWriter, series: readonly FedSeries[]): void {
  const [first] = series as [FedSeries];
  writer.text(metric.name, `amazonaws.com/${first.namespace}/${first.metricName}`);
  writer.text(metric.unit, ucumOf(first.unit));
  writer.message(metric.gauge, () => {
    for (const one of series) {
      for (const point of one.points) writer.message(gauge.dataPoints, () => writePoint(writer, one, point));
    }
  });
}

function writePoint(
  writer: ProtobufWriter,
  series: FedSeries,
  [second, value]: readonly [number, number],
): void {
  writer.fixed64(dataPoint.startTime, nanoseconds(second));
  writer.fixed64(dataPoint.time, nanoseconds(second + series.periodSeconds));
  writer.double(dataPoint.asDouble, value);
  const add = (key: string, text: string) => writeAttribute(writer, dataPoint.attributes, key, text);
  add("Namespace", series.namespace);
  add("MetricName", series.metricName);
  add("Statistic", series.statistic);
  add("nephoscope.integration.id", series.integrationId);
  for (const [name, text] of Object.entries(series.dimensions)) add(`Dimension.${name}`, text);
  for (const [name, text] of Object.entries(series.tags)) add(`Tag.${name}`, text);
}

function writeAttribute(writer: ProtobufWriter, field: number, key: string, text: string): void {
  writer.message(field, () => {
    writer.text(keyValue.key, key);
    writer.message(keyValue.value, () => writer.text(anyValue.stringValue, text));
  });
}

function nanoseconds(second: number): bigint {
  return BigInt(second) * 1_000_000_000n;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  return [...Map.groupBy(items, keyOf).values()];
}
