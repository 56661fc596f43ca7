import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readOtlpRequest, readWriteRequest } from "../../../test/support/metric-messages.ts";
import { defaultNaming } from "../naming.ts";
import { sampleSeries } from "../testing/samples.ts";
import { otlpEncoder } from "./otlp.ts";
import { createRemoteWriteEncoder } from "./remote-write.ts";

describe("remote write", () => {
  const encoder = createRemoteWriteEncoder(defaultNaming);

  test("a series is its sorted labels and its samples in milliseconds", () => {
    const { body, headers } = encoder.encode([sampleSeries()]);
    assert.deepEqual(readWriteRequest(Buffer.from(body)), [
      {
        labels: [
          ["__name__", "aws_ec2_cpuutilization_average"],
          ["account_id", "111122223333"],
          ["dimension_InstanceId", "i-1"],
          ["integration_id", "11111111-1111-4111-8111-111111111111"],
          ["region", "eu-west-1"],
          ["tag_Name", "web"],
        ],
        samples: [
          [1.5, 1_767_225_600_000],
          [2.5, 1_767_225_900_000],
        ],
      },
    ]);
    assert.deepEqual(headers, {
      "content-type": "application/x-protobuf",
      "content-encoding": "snappy",
      "x-prometheus-remote-write-version": "0.1.0",
    });
  });

  test("thousands of series, texts beyond ASCII and values at the edges of a double survive", () => {
    const values = [0, -0, 5e-324, -1.7976931348623157e308, 0.1];
    const many = Array.from({ length: 3_000 }, (_, index) =>
      sampleSeries({
        dimensions: { QueueName: `größe-${index}-${"ü".repeat(index % 200)}` },
        points: [[1_767_225_600 + index, values[index % values.length] as number]],
      }),
    );
    const read = readWriteRequest(Buffer.from(encoder.encode(many).body));
    assert.equal(read.length, many.length);
    for (const [index, { labels, samples }] of read.entries()) {
      assert.equal(new Map(labels).get("dimension_QueueName"), many[index]?.dimensions.QueueName);
      const [second = 0, value = 0] = many[index]?.points[0] ?? [];
      assert.deepEqual(samples, [[value, second * 1000]]);
    }
  });
});

describe("OTLP", () => {
  test("points are gauges that cover their period, under the resource of their account and region", () => {
    const other = sampleSeries({
      region: "us-east-1",
      unit: "Bytes/Second",
      statistic: "Sum",
      points: [[60, 7]],
    });
    const points = readOtlpRequest(Buffer.from(otlpEncoder.encode([sampleSeries(), other]).body));
    assert.equal(points.length, 3);
    assert.deepEqual(points[0], {
      resource: { "cloud.provider": "aws", "cloud.account.id": "111122223333", "cloud.region": "eu-west-1" },
      name: "amazonaws.com/AWS/EC2/CPUUtilization",
      unit: "%",
      attributes: {
        Namespace: "AWS/EC2",
        MetricName: "CPUUtilization",
        Statistic: "Average",
        "nephoscope.integration.id": "11111111-1111-4111-8111-111111111111",
        "Dimension.InstanceId": "i-1",
        "Tag.Name": "web",
      },
      start: 1_767_225_600_000_000_000n,
      time: 1_767_225_900_000_000_000n,
      value: 1.5,
    });
    assert.deepEqual(
      [
        points[2]?.resource["cloud.region"],
        points[2]?.unit,
        points[2]?.attributes.Statistic,
        points[2]?.value,
      ],
      ["us-east-1", "By/s", "Sum", 7],
    );
  });

  test("a unit that nobody knows is passed on, whatever it is called", () => {
    const odd = sampleSeries({ unit: "constructor/Second" });
    const [point] = readOtlpRequest(Buffer.from(otlpEncoder.encode([odd]).body));
    assert.equal(point?.unit, "constructor/Second");
  });

  test("a receiver's count of rejected points is read; an answer that is none tells of none", () => {
    const words = Buffer.from("too old");
    const partial = Buffer.concat([Buffer.from([0x08, 0x83, 0x01, 0x12, words.length]), words]);
    const answer = Buffer.concat([Buffer.from([0x0a, partial.length]), partial]);
    assert.deepEqual(otlpEncoder.rejected(answer), { points: 131, message: "too old" });
    for (const none of [Buffer.alloc(0), Buffer.from("{}"), Buffer.from([0x0a, 0x7f]), Buffer.from([0xff])]) {
      assert.deepEqual(otlpEncoder.rejected(none), { points: 0, message: "" });
    }
  });
});
