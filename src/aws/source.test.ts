import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../base/index.ts";
import { regionOf } from "./regions.ts";
import { type AwsIdentitySource, cacheKeyOf, plainSource } from "./source.ts";

const base: AwsIdentitySource = {
  ...plainSource,
  recordId: "r",
  version: 1,
  method: "keys",
  region: "eu-central-1",
  keys: { accessKeyId: "AKIA", secretAccessKey: new Secret("secret"), sessionToken: new Secret("token") },
};
const keys = {
  accessKeyId: "AKIA",
  secretAccessKey: new Secret("secret"),
  sessionToken: new Secret("token"),
};

test("sources that differ in anything have different cache keys", () => {
  const variants: Partial<AwsIdentitySource>[] = [
    {},
    { recordId: "s" },
    { version: 2 },
    { region: "eu-west-1" },
    { serviceName: "gateway" },
    { keys: { ...keys, secretAccessKey: new Secret("other") } },
    { keys: { ...keys, sessionToken: new Secret("other") } },
    { keys: { ...keys, sessionToken: undefined } },
    { keys: { accessKeyId: "AKIAs", secretAccessKey: new Secret("ecret"), sessionToken: keys.sessionToken } },
    { method: "profile", profile: "a" },
    { roleChain: [{ roleArn: "r", sessionName: "s", durationSeconds: 900 }] },
    { roleChain: [{ roleArn: "r", sessionName: "s", durationSeconds: 900, externalId: "x" }] },
    { endpoints: { sts: "https://a" } },
    { endpoints: { default: "https://a" } },
    { useFipsEndpoint: true },
    { useDualstackEndpoint: true },
    { emulatorCompatible: true },
    { sessionTokenHeader: "with-x-amz-access-token" },
    { proxy: { type: "url", url: "https://p" } },
    { proxy: { type: "url", url: "https://p", username: "u", password: new Secret("p") } },
    { caBundle: "x" },
  ];
  const cacheKeys = variants.map((variant) => cacheKeyOf({ ...base, ...variant }));
  assert.equal(new Set(cacheKeys).size, variants.length);
  assert.equal(cacheKeyOf({ ...base }), cacheKeys[0]);
});

test("STS is asked in the session's region, in opt-in regions in the partition's main one", () => {
  assert.equal(regionOf("sts", base, "eu-central-1"), "eu-central-1");
  assert.equal(regionOf("sts", base, "ap-east-1"), "us-east-1");
  assert.equal(regionOf("sts", base, "cn-north-1"), "cn-north-1");
  const custom = { ...base, endpoints: { sts: "https://sts.example" } };
  assert.equal(regionOf("sts", custom, "ap-east-1"), "ap-east-1");
});

test("Cost Explorer and IAM are asked in the one region that their partition has", () => {
  assert.equal(regionOf("ce", base, "eu-central-1"), "us-east-1");
  assert.equal(regionOf("ce", base, "cn-north-1"), "cn-northwest-1");
  assert.equal(regionOf("iam", base, "us-gov-east-1"), "us-gov-west-1");
  assert.equal(regionOf("monitoring", base, "eu-central-1"), "eu-central-1");
});
