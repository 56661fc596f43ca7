import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type AddressPolicy,
  checkedLookup,
  classifyAddress,
  endpointProblem,
  receiverProblem,
  urlProblem,
} from "./address-policy.ts";

const strict: AddressPolicy = { allowPrivate: false, allowedHosts: [] };
const lenient: AddressPolicy = { allowPrivate: true, allowedHosts: [] };
const listed: AddressPolicy = { allowPrivate: false, allowedHosts: ["gateway.corp", "*.lab.corp"] };

const addresses: readonly [address: string, kind: string][] = [
  ["52.94.5.1", "public"],
  ["2600:1f18::1", "public"],
  ["127.0.0.1", "private"],
  ["127.255.255.254", "private"],
  ["10.0.0.1", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.1", "private"],
  ["100.64.0.1", "private"],
  ["::1", "private"],
  ["fc00::1", "private"],
  ["fd12:3456::1", "private"],
  ["::ffff:10.0.0.1", "private"],
  ["::ffff:127.0.0.1", "private"],
  ["64:ff9b::10.0.0.1", "private"],
  ["2002:7f00:0001::", "private"],
  ["169.254.169.254", "forbidden"],
  ["169.254.170.2", "forbidden"],
  ["169.254.170.23", "forbidden"],
  ["169.254.0.1", "forbidden"],
  ["::ffff:169.254.169.254", "forbidden"],
  ["::ffff:a9fe:a9fe", "forbidden"],
  ["64:ff9b::169.254.169.254", "forbidden"],
  ["2002:a9fe:a9fe::", "forbidden"],
  ["fd00:ec2::254", "forbidden"],
  ["fd00:ec2::23", "forbidden"],
  ["fe80::1", "forbidden"],
  ["100.100.100.200", "forbidden"],
  ["168.63.129.16", "forbidden"],
  ["192.0.0.192", "forbidden"],
  ["0.0.0.0", "forbidden"],
  ["0.1.2.3", "forbidden"],
  ["::", "forbidden"],
  ["224.0.0.1", "forbidden"],
  ["ff02::1", "forbidden"],
  ["255.255.255.255", "forbidden"],
  ["240.0.0.1", "forbidden"],
  ["2001::1", "forbidden"],
  ["not an address", "forbidden"],
  ["", "forbidden"],
];

describe("an address", () => {
  for (const [address, kind] of addresses) {
    test(`${address || "(empty)"} is ${kind}`, () => assert.equal(classifyAddress(address), kind));
  }
});

/** Spellings of loopback and metadata addresses, and of hosts that only look like AWS. */
const refusedByDefault = [
  "http://monitoring.us-east-1.amazonaws.com",
  "https://127.0.0.1",
  "https://2130706433",
  "https://0x7f000001",
  "https://0177.0.0.1",
  "https://127.1",
  "https://１２７.0.0.1",
  "https://[::1]",
  "https://[::ffff:127.0.0.1]",
  "https://localhost",
  "https://LOCALHOST.",
  "https://x.localhost",
  "https://10.0.0.5",
  "https://169.254.169.254",
  "https://0xa9fea9fe",
  "https://2852039166",
  "https://[fd00:ec2::254]",
  "https://[::ffff:a9fe:a9fe]",
  "https://metadata.google.internal",
  "https://monitoring.us-east-1.amazonaws.com.evil.example",
  "https://evilamazonaws.com",
  "https://amazonaws.com",
  "https://x.execute-api.us-east-1.amazonaws.com",
  "https://bucket.s3.us-east-1.amazonaws.com",
  "https://ec2-203-0-113-7.compute-1.amazonaws.com",
  "https://monitoring.evil.execute-api.us-east-1.amazonaws.com",
  "https://monitoring.us-east-1.amazonaws.com@evil.example",
  "https://user:pass@monitoring.us-east-1.amazonaws.com",
  "https://monitoring.us-east-1.amazonaws.com/?x",
  "https://monitoring.us-east-1.amazonaws.com/path",
  "https://monitoring.us-east-1.amazonaws.com#f",
  "ftp://monitoring.us-east-1.amazonaws.com",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "",
];
const alwaysRefused = [
  "http://169.254.169.254",
  "https://[fd00:ec2::254]",
  "http://[fe80::1]",
  "http://0.0.0.0",
  "http://100.100.100.200",
  "http://0xa9fea9fe",
];

describe("an endpoint", () => {
  for (const url of refusedByDefault) {
    test(`${url || "(empty)"} is refused by default`, () => assert.ok(endpointProblem(url, strict)));
  }
  for (const url of alwaysRefused) {
    test(`${url} is refused even when private endpoints are allowed`, () =>
      assert.ok(endpointProblem(url, lenient)));
  }
  test("of AWS is accepted in each partition, interface endpoints included", () => {
    for (const url of [
      "https://monitoring.us-east-1.amazonaws.com",
      "https://monitoring.cn-north-1.amazonaws.com.cn/",
      "https://vpce-0a.monitoring.us-east-1.vpce.amazonaws.com",
      "https://sts.eusc-de-east-1.amazonaws.eu",
      "https://monitoring.us-east-1.api.aws:443",
      "https://monitoring-fips.us-east-1.amazonaws.com",
      "https://s3.dualstack.eu-west-1.amazonaws.com",
      "https://bucket.vpce-0a-1b.s3.us-east-1.vpce.amazonaws.com",
      "https://iam.amazonaws.com",
    ]) {
      assert.equal(endpointProblem(url, strict), undefined, url);
    }
  });
  test("may be anywhere the operator lists, or on private addresses when he allows them", () => {
    assert.equal(endpointProblem("http://gateway.corp:8080", listed), undefined);
    assert.equal(endpointProblem("https://a.lab.corp", listed), undefined);
    assert.ok(endpointProblem("https://lab.corp.evil.example", listed));
    assert.equal(endpointProblem("http://127.0.0.1:5000", lenient), undefined);
    assert.equal(endpointProblem("http://localstack:4566", lenient), undefined);
  });
  test("as a proxy may have any public name", () => {
    assert.equal(urlProblem("https://proxy.example.com:3128", strict), undefined);
    assert.ok(urlProblem("https://10.1.1.1:3128", strict));
  });
});

describe("a lookup", () => {
  type Resolve = NonNullable<Parameters<typeof checkedLookup>[1]>;
  const resolving = (...answers: string[][]): Resolve =>
    ((
      _host: string,
      _options: object,
      callback: (error: null, found: { address: string; family: number }[]) => void,
    ) => {
      const found = answers.length > 1 ? answers.shift() : answers[0];
      callback(
        null,
        (found ?? []).map((address) => ({ address, family: 4 })),
      );
    }) as unknown as Resolve;
  const problem = (_host: string, address: string) =>
    classifyAddress(address) === "public" ? undefined : "refused";
  const run = (resolve: Resolve, all: boolean) =>
    new Promise((done, fail) =>
      checkedLookup(problem, resolve)("host", { all }, (error, found) => (error ? fail(error) : done(found))),
    );

  test("gives the addresses that it checked", async () => {
    assert.equal(await run(resolving(["52.94.5.1", "52.94.5.2"]), false), "52.94.5.1");
    assert.equal(((await run(resolving(["52.94.5.1"]), true)) as unknown[]).length, 1);
  });
  test("fails when any one address is refused, or there is none", async () => {
    await assert.rejects(run(resolving(["52.94.5.1", "10.0.0.1"]), true), { code: "ENDPOINT_NOT_ALLOWED" });
    await assert.rejects(run(resolving([]), false), { code: "ENDPOINT_NOT_ALLOWED" });
  });
  test("judges each resolution anew, so a name that turns private later is refused then", async () => {
    const rebinding = resolving(["52.94.5.1"], ["169.254.169.254"]);
    assert.equal(await run(rebinding, false), "52.94.5.1");
    await assert.rejects(run(rebinding, false), { code: "ENDPOINT_NOT_ALLOWED" });
  });
});

describe("a receiver's URL", () => {
  for (const url of [
    "https://mimir.example.com/api/v1/push",
    "https://collector.example.com:4318/v1/metrics?team=a",
    "https://52.94.5.1/api/v1/write",
  ]) {
    test(`${url} is accepted`, () => assert.equal(receiverProblem(url, strict), undefined));
  }
  for (const url of [
    "http://mimir.example.com/api/v1/push",
    "https://user:password@mimir.example.com/",
    "https://mimir.example.com/#x",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/api/v1/push",
    "https://localhost/api/v1/push",
    "file:///etc/passwd",
  ]) {
    test(`${url} is refused`, () => assert.notEqual(receiverProblem(url, strict), undefined));
  }
  test("on a private address it is accepted where the operator allows that, a metadata service never", () => {
    assert.equal(receiverProblem("http://10.0.0.1:9090/api/v1/write", lenient), undefined);
    assert.notEqual(receiverProblem("http://169.254.169.254/latest", lenient), undefined);
  });
});
