import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  defaultWireLimits,
  loadServiceModel,
  ProtocolError,
  readRequest,
  type ServiceName,
  selectDialect,
  type WireRequest,
} from "./index.ts";

const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };

function request(headers: Record<string, string>, body: string | Uint8Array, path = "/"): WireRequest {
  return { method: "POST", path, query: "", headers, body: Buffer.from(body) };
}

async function read(service: ServiceName, wireRequest: WireRequest, limits = defaultWireLimits) {
  const { operation, input } = readRequest(await loadServiceModel(service), wireRequest, limits);
  return { operation: operation.name, input };
}

async function refusal(service: ServiceName, wireRequest: WireRequest, limits = defaultWireLimits) {
  try {
    await read(service, wireRequest, limits);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error("The request was read.");
}

async function written(service: ServiceName, wireRequest: WireRequest, outcome: object): Promise<string> {
  const model = await loadServiceModel(service);
  const dialect = selectDialect(model, wireRequest);
  if (outcome instanceof ProtocolError) return text(dialect.writeError(model, outcome, "id-1").body);
  const { operation } = readRequest(model, wireRequest, defaultWireLimits);
  return text(dialect.writeResult(model, operation, outcome as Record<string, unknown>, "id-1").body);
}

const text = (body: Uint8Array) => Buffer.from(body).toString();
const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>\n';

describe("query", () => {
  const listMetrics = request(form, "Action=ListMetrics&Version=2010-08-01");

  test("items are taken in the order of their numbers, gaps close up", async () => {
    const body =
      "Action=ListMetrics&Version=2010-08-01&Dimensions.member.10.Name=z&Dimensions.member.2.Name=a+b&Dimensions.member.2.Value=%C3%BC";
    assert.deepEqual(await read("monitoring", request(form, body)), {
      operation: "ListMetrics",
      input: { Dimensions: [{ Name: "a b", Value: "ü" }, { Name: "z" }] },
    });
  });

  test("parameters that the operation does not know are ignored, hostile names included", async () => {
    const body =
      "Action=ListMetrics&__proto__.polluted=1&constructor.prototype.x=1&Namespace=n&Namespace=second";
    assert.deepEqual((await read("monitoring", request(form, body))).input, { Namespace: "n" });
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  test("a presigned GET carries the parameters in its query", async () => {
    const get = { ...request({}, ""), method: "GET", query: "Action=GetCallerIdentity&Version=2011-06-15" };
    assert.equal((await read("sts", get)).operation, "GetCallerIdentity");
  });

  test("a presigned POST carries them in its query, its body, or both", async () => {
    const query = "Action=GetUser&Version=2010-05-08&UserName=a";
    const inQuery = { ...request({}, ""), query };
    assert.deepEqual(await read("iam", inQuery), { operation: "GetUser", input: { UserName: "a" } });
    const inBoth = { ...request(form, "UserName=b"), query: "Action=GetUser&Version=2010-05-08" };
    assert.deepEqual((await read("iam", inBoth)).input, { UserName: "b" });
    const twice = { ...request(form, "Action=DeleteUser&UserName=b"), query };
    assert.deepEqual(await read("iam", twice), { operation: "GetUser", input: { UserName: "a" } });
  });

  test("dates are read in the forms clients send", async () => {
    for (const date of [
      "2026-01-02T03:04:05Z",
      "2026-01-02T03:04:05.000%2B00:00",
      "1767323045",
      "2026-01-02T03:04:05",
    ]) {
      const body = `Action=GetMetricStatistics&Namespace=n&MetricName=m&Period=60&EndTime=${date}&StartTime=${date}`;
      const { input } = await read("monitoring", request(form, body));
      assert.deepEqual(input.StartTime, new Date("2026-01-02T03:04:05Z"), date);
    }
  });

  test("a result stands in its wrappers", async () => {
    assert.equal(
      await written("monitoring", listMetrics, { Metrics: [{ Namespace: "AWS/EC2", Dimensions: [] }] }),
      `${xmlHead}<ListMetricsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><ListMetricsResult><Metrics><member><Namespace>AWS/EC2</Namespace><Dimensions></Dimensions></member></Metrics></ListMetricsResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></ListMetricsResponse>\n`,
    );
  });

  test("an operation without output has no result element", async () => {
    const deletion = request(form, "Action=DeleteUser&Version=2010-05-08&UserName=a");
    assert.equal(
      await written("iam", deletion, {}),
      `${xmlHead}<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DeleteUserResponse>\n`,
    );
  });

  test("an error names fault, code and message", async () => {
    assert.equal(
      await written("sts", listMetrics, new ProtocolError("AccessDenied", "No <way>.", { status: 403 })),
      `${xmlHead}<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>No &lt;way&gt;.</Message></Error><RequestId>id-1</RequestId></ErrorResponse>\n`,
    );
  });

  test("characters that XML cannot carry are dropped, the others escaped", async () => {
    const hostile = "a\u0000b\u000bc\uffffd\ud800e]]><![CDATA[&\"'\r\n😀";
    const xml = await written("monitoring", listMetrics, { NextToken: hostile });
    assert.match(xml, /<NextToken>abcde\]\]&gt;&lt;!\[CDATA\[&amp;&quot;&apos;&#xD;\n😀<\/NextToken>/);
  });

  test("bad requests are the sender's, with the protocol's own codes", async () => {
    const cases: [ServiceName, string, string][] = [
      ["sts", "Version=2011-06-15", "MissingAction"],
      ["sts", "Action=DoWhat&Version=2011-06-15", "InvalidAction"],
      ["sts", "Action=GetCallerIdentity&Version=1999-01-01", "InvalidAction"],
      ["sts", "Action=AssumeRole&RoleArn=a", "ValidationError"],
      ["sts", "Action=AssumeRole&DurationSeconds=many", "MalformedInput"],
      ["monitoring", "Action=GetMetricData&MetricDataQueries.member.1.ReturnData=perhaps", "MalformedInput"],
      ["monitoring", "Action=GetMetricData&StartTime=yesterday", "MalformedInput"],
      ["monitoring", "Action=GetMetricData&StartTime=2026-01-01T00:00:00Z", "MissingParameter"],
      ["ec2", "Action=DescribeInstances&Version=2016-11-15&MaxResults=x", "InvalidParameterValue"],
    ];
    for (const [service, body, code] of cases) {
      const error = await refusal(service, request(form, body));
      assert.deepEqual([error.code, error.status, error.fault], [code, 400, "Sender"], body);
    }
  });

  test("what is missing is named in lower case at each level", async () => {
    const body = "Action=TagUser&UserName=a&Tags.member.1.Key=k";
    assert.match(
      (await refusal("iam", request(form, body))).message,
      /^1 validation error detected: Value null at 'tags\.1\.member\.value' failed/,
    );
  });

  test("parameters are bounded in number, depth and encoding", async () => {
    const many = `Action=ListMetrics&${"a=1&".repeat(20_001)}`;
    const deep = `Action=ListMetrics&${"a.".repeat(100)}=1`;
    for (const body of [many, deep, new Uint8Array([0x61, 0xff, 0xfe])])
      assert.equal((await refusal("monitoring", request(form, body))).code, "MalformedQueryString");
  });
});

describe("EC2 query", () => {
  const describeRegions = request(form, "Action=DescribeRegions&Version=2016-11-15");

  test("a result has no result element and a lower-case request id", async () => {
    assert.equal(
      await written("ec2", describeRegions, { Regions: [{ RegionName: "eu-west-1", Endpoint: "e" }] }),
      `${xmlHead}<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>id-1</requestId><regionInfo><item><regionName>eu-west-1</regionName><regionEndpoint>e</regionEndpoint></item></regionInfo></DescribeRegionsResponse>\n`,
    );
  });

  test("an error has EC2's document", async () => {
    assert.equal(
      await written("ec2", describeRegions, new ProtocolError("AuthFailure", "m", { status: 401 })),
      `${xmlHead}<Response><Errors><Error><Code>AuthFailure</Code><Message>m</Message></Error></Errors><RequestID>id-1</RequestID></Response>\n`,
    );
  });
});

describe("JSON", () => {
  const target = (operation: string) => ({
    "x-amz-target": `Logs_20140328.${operation}`,
    "content-type": "application/x-amz-json-1.1",
  });

  test("a target with the whole shape name is understood, as botocore writes CloudTrail's", async () => {
    const headers = {
      "x-amz-target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents",
      "content-type": "application/x-amz-json-1.1",
    };
    assert.equal((await read("cloudtrail", request(headers, "{}"))).operation, "LookupEvents");
  });

  test("an operation without output answers with an empty body, an empty output with an empty object", async () => {
    const creation = request(target("CreateLogGroup"), '{"logGroupName":"a"}');
    assert.equal(await written("logs", creation, {}), "");
    const listing = request(target("DescribeLogGroups"), "{}");
    assert.equal(await written("logs", listing, {}), "{}");
  });

  test("an error names its shape, and the query code for clients that came from there", async () => {
    const model = await loadServiceModel("monitoring");
    const headers = { "x-amz-target": "GraniteServiceVersion20100801.ListMetrics" };
    const dialect = selectDialect(model, request(headers, "{}"));
    const response = dialect.writeError(model, new ProtocolError("InvalidParameterValue", "m"), "id-1");
    assert.equal(response.headers["x-amzn-query-error"], "InvalidParameterValue;Sender");
    assert.deepEqual(JSON.parse(text(response.body)), {
      __type: "com.amazonaws.cloudwatch#InvalidParameterValueException",
      message: "m",
      Message: "m",
    });
  });

  test("wrong types, wrong nesting and unknown operations are refused", async () => {
    const cases: [string, string, string][] = [
      ["DescribeLogGroups", '{"limit":"5"}', "SerializationException"],
      ["DescribeLogGroups", '{"logGroupNamePrefix":{}}', "SerializationException"],
      ["DescribeLogGroups", '{"logGroupIdentifiers":"a"}', "SerializationException"],
      ["DescribeLogGroups", '{"logGroupIdentifiers":[1]}', "SerializationException"],
      ["DescribeLogGroups", "[]", "SerializationException"],
      ["DescribeLogGroups", "null", "SerializationException"],
      ["DescribeLogGroups", '{"limit":', "SerializationException"],
      ["DescribeLogGroups", "[".repeat(100_000), "SerializationException"],
      ["CreateLogGroup", "{}", "InvalidParameterException"],
      ["CreateEverything", "{}", "UnknownOperationException"],
      ["__proto__", "{}", "UnknownOperationException"],
    ];
    for (const [operation, body, code] of cases) {
      const error = await refusal("logs", request(target(operation), body));
      assert.deepEqual([error.code, error.status], [code, 400], body.slice(0, 40));
    }
  });

  test("an input that names a type brings no unknown members along", async () => {
    const body = '{"__type":"x","limit":5,"smuggled":true}';
    assert.deepEqual((await read("logs", request(target("DescribeLogGroups"), body))).input, { limit: 5 });
  });

  test("brackets inside strings do not count as depth", async () => {
    const body = JSON.stringify({ logGroupNamePrefix: `${"[".repeat(500)}\\"{` });
    assert.equal(
      (await read("logs", request(target("DescribeLogGroups"), body))).operation,
      "DescribeLogGroups",
    );
  });
});

test("a request that no dialect recognises, or that is too large, is refused in the service's own words", async () => {
  const unrecognised = await refusal("logs", request({}, "{}"));
  assert.deepEqual([unrecognised.code, unrecognised.status], ["UnknownOperationException", 404]);
  const json = { "content-type": "application/json" };
  const noForm = await refusal("iam", request(json, '{"Action":"ListUsers"}'));
  assert.deepEqual([noForm.code, noForm.status], ["MissingAction", 400]);
  const large = await refusal("logs", request({}, "x".repeat(11)), {
    ...defaultWireLimits,
    bodyBytesMax: 10,
  });
  assert.equal(large.status, 413);
});
