import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hostNameTag,
  toPointTags,
  type WireSubject,
  wireMetricName,
  wirePointTags,
  wireSeries,
  wireSource,
  wireSourceTag,
} from "./wire-metric.ts";

const names: [namespace: string, metricName: string, statistic: string | undefined, name: string][] = [
  ["AWS/EC2", "CPUUtilization", "Average", "aws.ec2.cpuutilization.average"],
  ["AWS/SQS", "NumberOfMessagesSent", "Sum", "aws.sqs.numberofmessagessent.sum"],
  ["AWS/EC2", "CPUUtilization", undefined, "aws.ec2.cpuutilization"],
  ["ECS/ContainerInsights", "CpuUtilized", "SampleCount", "ecs.containerinsights.cpuutilized.samplecount"],
  ["AWS/EC2", "StatusCheckFailed_Instance", "Maximum", "aws.ec2.statuscheckfailed_instance.maximum"],
  ["AWS/Firehose", "DeliveryToS3.Bytes", "Sum", "aws.firehose.deliverytos3.bytes.sum"],
  ["AWS/SSM-RunCommand", "CommandsFailed", "Sum", "aws.ssm-runcommand.commandsfailed.sum"],
  ["AWS/EC2", "EBSByteBalance%", "Minimum", "aws.ec2.ebsbytebalance-.minimum"],
  ["MyApp", "Latency", "p99.9", "myapp.latency.p99.9"],
  ["AWS/S3/Storage-Lens", "StorageBytes", "Average", "aws.s3.storage-lens.storagebytes.average"],
];
for (const [namespace, metricName, statistic, name] of names) {
  test(`${namespace} ${metricName} ${statistic ?? "without statistic"} is ${name}`, () =>
    assert.equal(wireMetricName(namespace, metricName, statistic), name));
}

test("a name of any length keeps its statistic and fits", () => {
  const [sum, average] = ["Sum", "Average"].map((each) =>
    wireMetricName("N".repeat(255), "M".repeat(255), each),
  );
  assert.deepEqual([sum?.length, average?.length], [256, 256]);
  assert.match(sum ?? "", /^n{252}\.sum$/);
  assert.notEqual(sum, average);
});

const series: WireSubject = {
  accountId: "123456789012",
  accountAlias: "acme",
  region: "eu-west-1",
  namespace: "AWS/ApplicationELB",
  metricName: "RequestCount",
  statistic: "Sum",
  dimensions: { LoadBalancer: "app/web/1", AvailabilityZone: "eu-west-1a" },
  tags: { team: "core" },
};
const sourceOf = (change: Partial<WireSubject>) => wireSource({ ...series, ...change });

test("the source is the first dimension in AWS's order, and the account without any", () => {
  assert.equal(sourceOf({}), "app/web/1");
  assert.equal(sourceOf({ dimensions: {} }), "123456789012");
});

test("an instance is called by the name that was found among its tags, else by its id; a volume by its id", () => {
  const ec2 = { namespace: "AWS/EC2", dimensions: { ImageId: "ami-1", InstanceId: "i-1" } };
  assert.equal(sourceOf(ec2), "i-1");
  assert.equal(sourceOf({ ...ec2, tags: { team: "core", [hostNameTag]: "web-1" } }), "web-1");
  assert.equal(sourceOf({ namespace: "AWS/EC2", dimensions: { ImageId: "ami-1" } }), "ami-1");
  assert.equal(sourceOf({ namespace: "AWS/EBS", dimensions: { VolumeId: "vol-1" } }), "vol-1");
});

test("charges are about their service, the total about its currency", () => {
  const charge = (dimensions: Record<string, string>) =>
    sourceOf({ namespace: "AWS/Billing", dimensions: dimensions });
  assert.equal(charge({ Currency: "USD", ServiceName: "AmazonEC2" }), "AmazonEC2");
  assert.equal(charge({ Currency: "USD" }), "usd");
  assert.equal(charge({ LinkedAccount: "210987654321", Currency: "USD" }), "usd");
});

test("a source has at most 128 characters, none of them cut in two", () => {
  const long = sourceOf({ dimensions: { Name: `${"x".repeat(127)}😀` } });
  assert.equal(long, "x".repeat(127));
});

test("each source is tagged with its service", () => {
  assert.deepEqual(
    ["AWS/EC2", "ECS/ContainerInsights", "/aws/sagemaker/TrainingJobs", "MyApp"].map(wireSourceTag),
    [
      "~integration.aws.ec2",
      "~integration.aws.ecs.containerinsights",
      "~integration.aws.sagemaker.trainingjobs",
      "~integration.aws.myapp",
    ],
  );
});

test("point tags are account, region, dimensions and tags, and the stored host name is none of them", () => {
  assert.deepEqual(wirePointTags({ ...series, tags: { team: "core", [hostNameTag]: "web-1" } }), {
    team: "core",
    accountId: "123456789012",
    accountAlias: "acme",
    Region: "eu-west-1",
    LoadBalancer: "app/web/1",
    AvailabilityZone: "eu-west-1a",
  });
});

test("an account without alias has no such tag, and a dimension wins over a tag of its name", () => {
  const tags = wirePointTags({
    ...series,
    accountAlias: "",
    dimensions: { Region: "global", team: "edge" },
  });
  assert.deepEqual(tags, { accountId: "123456789012", Region: "global", team: "edge" });
});

test("point tags are trimmed or dropped, never a reason to refuse", () => {
  assert.deepEqual(toPointTags({ "aws:cloudformation/stack": "web", empty: " ", ok: "x", "": "y" }), {
    aws_cloudformation_stack: "web",
    ok: "x",
  });
  const [[key, value]] = Object.entries(toPointTags({ ["k".repeat(200)]: "v".repeat(300) })) as [
    [string, string],
  ];
  assert.deepEqual([key.length, value.length], [128, 126]);
});

test("a tag of a user cannot pass for the stored host name", () => {
  assert.deepEqual(toPointTags({ [hostNameTag]: "forged" }), { _source: "forged" });
});

test("a series is told whole", () => {
  assert.deepEqual(wireSeries(series), {
    name: "aws.applicationelb.requestcount.sum",
    source: "app/web/1",
    sourceTags: ["~integration.aws.applicationelb"],
    pointTags: wirePointTags(series),
  });
});
