import assert from "node:assert/strict";
import { test } from "node:test";
import type { CloudWatchConfig } from "./config.ts";
import { checkpointScope, kindOf, paceOf, regionsToPull, wantedKinds } from "./kinds.ts";

const everything: CloudWatchConfig = {
  namespaces: [],
  metricFilterRegex: "",
  pointTagFilterRegex: "",
  instanceSelectionTags: {},
  volumeSelectionTags: {},
};
const metric = (namespace: string, dimensions: Record<string, string> = {}) => ({
  namespace,
  metricName: "M",
  dimensions,
});

test("a bucket's storage is told apart from its requests", () => {
  assert.equal(
    kindOf(metric("AWS/S3", { BucketName: "b", StorageType: "StandardStorage" }))?.name,
    "s3-storage",
  );
  assert.equal(kindOf(metric("AWS/S3", { BucketName: "b", FilterId: "all" })), undefined);
  assert.equal(kindOf(metric("AWS/Billing", { Currency: "USD" }))?.name, "billing");
  assert.equal(kindOf(metric("AWS/EC2")), undefined);
});

test("only the kinds of wanted namespaces are planned, each with a checkpoint of its own", () => {
  const names = (namespaces: string[]) =>
    wantedKinds({ ...everything, namespaces }).map((kind) => checkpointScope("eu-west-1", kind));
  assert.deepEqual(names(["AWS/EC2"]), ["eu-west-1"]);
  assert.deepEqual(names(["aws/s3"]), ["eu-west-1", "eu-west-1/s3-storage"]);
  assert.equal(new Set(names([])).size, 4);
});

test("a period of the settings that is coarser than the metrics is kept", () => {
  const billing = kindOf(metric("AWS/Billing"));
  assert.equal(paceOf(billing, everything).periodSeconds, 21_600);
  assert.equal(paceOf(billing, { ...everything, periodSeconds: 86_400 }).periodSeconds, 86_400);
  assert.equal(paceOf(undefined, everything).periodSeconds, 60);
});

test("charges that are asked for by name are pulled from where AWS publishes them", () => {
  const pulled = (config: Partial<CloudWatchConfig>, own = "eu-west-1") =>
    regionsToPull({ ...everything, ...config }, own).map(({ name, config }) => [name, config.namespaces]);
  const namespaces = ["AWS/EC2", "aws/billing"];
  assert.deepEqual(pulled({ namespaces }), [
    ["eu-west-1", namespaces],
    ["us-east-1", ["AWS/Billing"]],
  ]);
  assert.deepEqual(pulled({ namespaces, regions: ["us-east-1"] }), [["us-east-1", namespaces]]);
  assert.deepEqual(pulled({ namespaces }, "cn-north-1"), [["cn-north-1", namespaces]]);
  assert.deepEqual(pulled({}), [["eu-west-1", []]]);
});
