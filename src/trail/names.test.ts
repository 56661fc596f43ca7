import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkBucketName, checkKeyPrefix, checkTrailName, nameOfNameOrArn } from "./names.ts";

const origin = { accountId: "000000000000", region: "us-east-1" };
const refuses = (code: string, message: RegExp, check: () => unknown) =>
  assert.throws(
    check,
    (error: { code?: string; message?: string }) => error.code === code && message.test(error.message ?? ""),
  );

describe("names of trails", () => {
  for (const name of ["abc", "a.b", "main-trail_1", "A".repeat(128), "1.2.3", "1.2.3.4.5"]) {
    test(`${name.slice(0, 20)} is one`, () => assert.equal(checkTrailName(name), name));
  }
  const cases: [string, RegExp][] = [
    [
      "ab",
      /^Trail name too short\. Minimum allowed length: 3 characters\. Specified name length: 2 characters\.$/,
    ],
    ["", /Specified name length: 0 characters/],
    ["a".repeat(129), /^Trail name too long\. Maximum allowed length: 128 characters/],
    ["-abc", /starts with a letter or number/],
    ["abc.", /ends with a letter or number/],
    ["a/../b", /can only contain/],
    ["übc", /starts with/],
    ["a bc", /can only contain/],
    ["a--b", /adjacent/],
    ["a._b", /adjacent/],
    ["192.168.5.4", /IP address/],
    ["abc\n", /ends with/],
  ];
  for (const [name, message] of cases) {
    test(`${JSON.stringify(name.slice(0, 20))} is none`, () =>
      refuses("InvalidTrailNameException", message, () => checkTrailName(name)));
  }

  test("an ARN stands for its trail, and only one of this account and region", () => {
    assert.equal(nameOfNameOrArn("arn:aws:cloudtrail:us-east-1:000000000000:trail/main", origin), "main");
    for (const elsewhere of ["eu-west-1:000000000000", "us-east-1:111122223333"]) {
      const arn = `arn:aws:cloudtrail:${elsewhere}:trail/main`;
      refuses(
        "TrailNotFoundException",
        new RegExp(`^Unknown trail: ${arn} for the user: 000000000000$`),
        () => nameOfNameOrArn(arn, origin),
      );
    }
    for (const arn of ["arn:aws:s3:::main", "arn:aws:cloudtrail:us-east-1:000000000000:eventdatastore/x"])
      refuses("CloudTrailARNInvalidException", /Invalid ARN/, () => nameOfNameOrArn(arn, origin));
    refuses("InvalidTrailNameException", /can only contain/, () =>
      nameOfNameOrArn("arn:aws:cloudtrail:us-east-1:000000000000:trail/a/../b", origin),
    );
  });
});

describe("what becomes a path", () => {
  for (const name of ["abc", "my.bucket-1", "1.2.3.4.5", "a".repeat(63)])
    test(`the bucket ${name.slice(0, 20)} is taken`, () => assert.equal(checkBucketName(name), name));
  for (const name of [
    "",
    "ab",
    "a".repeat(64),
    "..",
    "../../etc",
    "a..b",
    "Abc",
    "a_b",
    "a/b",
    "a\\b",
    "a\0b",
    "-ab",
    "ab.",
    "192.168.5.4",
    "abc\n",
  ]) {
    test(`the bucket ${JSON.stringify(name.slice(0, 20))} is refused`, () =>
      refuses("InvalidS3BucketNameException", /is not valid/, () => checkBucketName(name)));
  }
  for (const prefix of ["audit", "audit/", "a/b.c/d_e", "x".repeat(200), "...", "team=a/env=b"])
    test(`the prefix ${prefix.slice(0, 20)} is taken`, () => assert.equal(checkKeyPrefix(prefix), prefix));
  test("an empty prefix is none", () => assert.equal(checkKeyPrefix(""), undefined));
  for (const prefix of [
    "x".repeat(201),
    "/audit",
    "audit//x",
    "audit//",
    "/",
    "..",
    "a/../b",
    "a/..",
    "./a",
    "a/./b",
    "a\\b",
    "a\0b",
    "a\nb",
    "ü",
    "%2e%2e",
  ]) {
    test(`the prefix ${JSON.stringify(prefix.slice(0, 20))} is refused`, () =>
      refuses("InvalidS3PrefixException", /is not valid/, () => checkKeyPrefix(prefix)));
  }
});
