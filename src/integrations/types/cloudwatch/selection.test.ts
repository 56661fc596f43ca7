import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListedMetric } from "./client.ts";
import type { CloudWatchConfig } from "./config.ts";
import { createSelect } from "./selection.ts";
import type { Tags } from "./tags.ts";

const everything: CloudWatchConfig = {
  namespaces: [],
  metricFilterRegex: "",
  pointTagFilterRegex: "",
  instanceSelectionTags: {},
  volumeSelectionTags: {},
};

function metric(namespace: string, metricName = "X", dimensions: Record<string, string> = {}): ListedMetric {
  return { namespace, metricName, dimensions };
}
const reject = (config: Partial<CloudWatchConfig>, listed: ListedMetric, tags: Tags = {}) =>
  createSelect({ ...everything, ...config })(listed, tags);

// Expression, namespace, name, whether it is wanted.
const names: [expression: string, namespace: string, metricName: string, wanted: boolean][] = [
  ["", "AWS/EC2", "CPUUtilization", true],
  ["aws.ec2.cpuutilization", "AWS/EC2", "CPUUtilization", true],
  ["AWS.EC2.CPUUtilization", "AWS/EC2", "CPUUtilization", true],
  ["^aws.(sqs|elb).*$", "AWS/SQS", "NumberOfMessagesSent", true],
  ["aws.ec2", "AWS/EC2", "CPUUtilization", false],
  ["cpuutilization", "AWS/EC2", "CPUUtilization", false],
  ["aws.ec2.cpuutilization.average", "AWS/EC2", "CPUUtilization", false],
  ["ecs.containerinsights.cpuutilized", "ECS/ContainerInsights", "CpuUtilized", true],
  ["aws.ec2.ebsbytebalance%", "AWS/EC2", "EBSByteBalance%", true],
  ["aws.ec2.ebsbytebalance-", "AWS/EC2", "EBSByteBalance%", true],
  ["awsXec2Xcpuutilization", "AWS/EC2", "CPUUtilization", false],
  ["aws\\.ec2\\..*", "AWS/EC2", "CPUUtilization", true],
];
for (const [expression, namespace, metricName, wanted] of names) {
  test(`the name filter '${expression}' ${wanted ? "takes" : "leaves"} ${namespace} ${metricName}`, () =>
    assert.equal(
      reject({ metricFilterRegex: expression }, metric(namespace, metricName)) === undefined,
      wanted,
    ));
}

test("a name that is left out is told as the filter saw it", () => {
  assert.deepEqual(reject({ metricFilterRegex: "x" }, metric("AWS/EC2", "CPUUtilization")), {
    setting: "metricFilterRegex",
    subject: "aws.ec2.cpuutilization",
  });
});

test("namespaces are compared whole and in any case", () => {
  const namespaces = ["aws/ec2", "MYAPP"];
  for (const wanted of ["AWS/EC2", "MyApp"]) assert.equal(reject({ namespaces }, metric(wanted)), undefined);
  for (const other of ["AWS/EC2/Spot", "EC2", "MyApp2"]) {
    assert.deepEqual(reject({ namespaces }, metric(other)), { setting: "namespaces", subject: other });
  }
});

test("bucket names filter the metrics of S3 that have one, and no others", () => {
  const config = { s3BucketNameFilterRegex: "^(test|demo).*$" };
  const bucket = (BucketName: string) => metric("AWS/S3", "NumberOfObjects", { BucketName });
  assert.equal(reject(config, bucket("test-a")), undefined);
  assert.equal(reject(config, bucket("Demo")), undefined, "in any case");
  assert.deepEqual(reject(config, bucket("my-test")), {
    setting: "s3BucketNameFilterRegex",
    subject: "my-test",
  });
  assert.equal(reject(config, metric("AWS/S3")), undefined);
  assert.equal(reject(config, metric("MyApp", "X", { BucketName: "other" })), undefined);
});

test("tags select instances and volumes by any pair, and leave sums over many alone", () => {
  const config = {
    instanceSelectionTags: { env: "prod" },
    instanceSelectionTagsExpr: "env=stage, team = core",
    volumeSelectionTagsExpr: "env=test",
  };
  const instance = metric("AWS/EC2", "X", { InstanceId: "i-1" });
  const volume = metric("AWS/EBS", "X", { VolumeId: "vol-1" });
  const chosen: Tags[] = [{ env: "prod" }, { env: "stage" }, { env: "dev", team: "core" }];
  for (const tags of chosen) {
    assert.equal(reject(config, instance, tags), undefined, JSON.stringify(tags));
  }
  assert.deepEqual(reject(config, instance, { env: "Prod", x: "y" }), {
    setting: "instanceSelectionTags",
    subject: "env=Prod, x=y",
  });
  assert.deepEqual(reject(config, volume, {}), { setting: "volumeSelectionTags", subject: "no tags" });
  assert.equal(reject(config, volume, { env: "test" }), undefined);
  for (const namespace of ["AWS/EC2", "AWS/EBS"])
    assert.equal(reject(config, metric(namespace, "X", { AutoScalingGroupName: "web" })), undefined);
  assert.equal(reject(config, metric("CWAgent", "X", { InstanceId: "i-1" })), undefined, "EC2's own only");
});

test("an expression that does not compile is refused by its field", () => {
  assert.throws(() => createSelect({ ...everything, s3BucketNameFilterRegex: "(" }), {
    code: "pattern_invalid",
  });
});
