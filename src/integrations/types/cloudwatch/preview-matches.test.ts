import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListedMetric } from "./client.ts";
import type { CloudWatchConfig } from "./config.ts";
import { describeEmptyNamespaces, matchRegion, summarizeMatches } from "./preview-matches.ts";
import type { Tags } from "./tags.ts";

const everything: CloudWatchConfig = {
  namespaces: [],
  metricFilterRegex: "",
  pointTagFilterRegex: "",
  instanceSelectionTags: {},
  volumeSelectionTags: {},
};
const tags = new Map<string, Tags>([
  ["i-1", { Name: "web", team: "core" }],
  ["i-2", { Name: "db" }],
]);
const readable = { tags, unselectable: [] };

function metric(
  namespace: string,
  metricName: string,
  dimensions: Record<string, string> = {},
): ListedMetric {
  return { namespace, metricName, dimensions };
}
const cpu = (InstanceId: string) => metric("AWS/EC2", "CPUUtilization", { InstanceId });

test("what each setting leaves out is counted, and shown as the setting saw it", () => {
  const config = {
    ...everything,
    metricFilterRegex: "aws.(ec2.cpu.*|s3.*)",
    s3BucketNameFilterRegex: "logs-.*",
    instanceSelectionTagsExpr: "Name=web",
  };
  const listed = [
    cpu("i-1"),
    cpu("i-2"),
    cpu("i-3"),
    metric("AWS/EC2", "NetworkIn", { InstanceId: "i-1" }),
    metric("AWS/S3", "BucketSizeBytes", { BucketName: "assets" }),
    metric("AWS/S3", "NumberOfObjects", { BucketName: "assets" }),
    metric("AWS/S3", "NumberOfObjects", { BucketName: "logs-1" }),
  ];
  const { unmatched } = summarizeMatches(config, [matchRegion("eu-west-1", listed, config, readable)]);
  assert.deepEqual(
    unmatched.map(({ setting, metrics, examples }) => [
      setting,
      metrics,
      examples.map(({ subject }) => subject),
    ]),
    [
      ["instanceSelectionTags", 2, ["Name=db", "no tags"]],
      ["s3BucketNameFilterRegex", 2, ["assets"]],
      ["metricFilterRegex", 1, ["aws.ec2.networkin"]],
    ],
  );
  assert.deepEqual(unmatched[2]?.examples[0], {
    region: "eu-west-1",
    namespace: "AWS/EC2",
    metricName: "NetworkIn",
    dimensions: { InstanceId: "i-1" },
    subject: "aws.ec2.networkin",
  });
});

test("regions add up, and examples stay few whatever there is", () => {
  const config = { ...everything, metricFilterRegex: "nothing" };
  const listed = Array.from({ length: 50 }, (_, index) => metric("MyApp", `M${index}`));
  const regions = ["us-east-1", "eu-west-1"].map((name) => matchRegion(name, listed, config, readable));
  const [only, ...others] = summarizeMatches(config, regions).unmatched;
  assert.deepEqual([only?.metrics, only?.examples.length, others], [100, 10, []]);
});

test("instances whose tags could not be read are left out by the selection, and that is said", () => {
  const config = { ...everything, instanceSelectionTags: { team: "core" } };
  const unreadable = { tags: new Map(), unselectable: ["AWS/EC2"] };
  const { unmatched } = matchRegion("eu-west-1", [cpu("i-1"), metric("AWS/SQS", "X")], config, unreadable);
  assert.deepEqual(
    unmatched.map(({ setting, metrics, examples }) => [setting, metrics, examples[0]?.subject]),
    [["instanceSelectionTags", 1, "tags that could not be read"]],
  );
});

test("tag keys are told by whether they become point tags: whole, in any case, and none without a filter", () => {
  const of = (pointTagFilterRegex: string) => {
    const config = { ...everything, pointTagFilterRegex };
    return summarizeMatches(config, [matchRegion("eu-west-1", [], config, readable)]).pointTags;
  };
  assert.deepEqual(of("(region|name)"), { matched: ["Name"], unmatched: ["team"] });
  assert.deepEqual(of("tea"), { matched: [], unmatched: ["Name", "team"] });
  assert.deepEqual(of(""), { matched: [], unmatched: ["Name", "team"] });
});

test("a namespace without metrics is named, with the one that was probably meant", () => {
  const config = { ...everything, namespaces: ["ec2", "MyApp", "aws/sqs"] };
  const regions = ["AWS/EC2", "AWS/SQS"].map((name) =>
    matchRegion("eu-west-1", [metric(name, "X")], config, readable),
  );
  assert.deepEqual(describeEmptyNamespaces(config, regions), [
    "Nothing is listed in the namespace ec2. Did you mean AWS/EC2?",
    "Nothing is listed in the namespace MyApp.",
  ]);
});
