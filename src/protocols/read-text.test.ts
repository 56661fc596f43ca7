import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultWireLimits, loadServiceModel, readRequest, type ServiceName } from "./index.ts";

/** What the member becomes when a form sends this text. */
async function formReader(service: ServiceName, action: string, parameter: string) {
  const model = await loadServiceModel(service);
  return (text: string): unknown => {
    const body = Buffer.from(`Action=${action}&${parameter}=${encodeURIComponent(text)}`);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const request = { method: "POST", path: "/", query: "", headers, body };
    const input = readRequest(model, request, defaultWireLimits).input;
    return parameter.split(".").reduce<unknown>((value, name) => {
      if (name === "member") return value;
      return (value as Record<string, unknown>)[/^\d+$/.test(name) ? Number(name) - 1 : name];
    }, input);
  };
}

/** As botocore and the SDKs write them, and what AWS refuses. */
describe("a text in a form", () => {
  test("is a whole number in plain digits, whatever JavaScript takes for one", async () => {
    const maxItems = await formReader("iam", "ListUsers", "MaxItems");
    assert.deepEqual(["10", "+10", "-1", "007"].map(maxItems), [10, 10, -1, 7]);
    for (const text of ["1e1", "1.0", "1.", ".5", "0x10", "1_0", " 1", "1 ", "", "+", "NaN", "9".repeat(20)])
      assert.throws(() => maxItems(text), { code: "MalformedInput" }, text);
  });

  test("is a fraction only where the model has one", async () => {
    const model = await loadServiceModel("monitoring");
    const read = (value: string, period: string) =>
      readRequest(
        model,
        {
          method: "POST",
          path: "/",
          query: "",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: Buffer.from(
            `Action=PutMetricData&Namespace=n&MetricData.member.1.MetricName=m&MetricData.member.1.Values.member.1=${value}&MetricData.member.1.StorageResolution=${period}`,
          ),
        },
        defaultWireLimits,
      ).input;
    assert.deepEqual(read("1e-09", "60"), {
      Namespace: "n",
      MetricData: [{ MetricName: "m", Values: [1e-9], StorageResolution: 60 }],
    });
    assert.throws(() => read("1", "6e1"), { code: "MalformedInput" });
    assert.throws(() => read("1e999", "60"), { code: "MalformedInput" });
  });

  test("is a boolean as a word or a digit, and nothing else", async () => {
    const allUsers = await formReader("iam", "ListServiceSpecificCredentials", "AllUsers");
    assert.deepEqual(["true", "1", "false", "0"].map(allUsers), [true, true, false, false]);
    for (const text of ["yes", "2", "01", "", "+1"])
      assert.throws(() => allUsers(text), { code: "MalformedInput" }, text);
  });

  test("is a day that the calendar has", async () => {
    const start = await formReader("ec2", "DescribeFleetHistory", "StartTime");
    const read = (text: string) => {
      try {
        return start(text);
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    assert.deepEqual(read("2024-02-29T00:00:00.123456Z"), "MissingParameter");
    for (const text of ["2026-02-30T00:00:00Z", "2026-13-01", "2026-01-01T25:00:00Z", "Fri", ""])
      assert.equal(read(text), "InvalidParameterValue", text);
  });

  test("is Base64 as it was sent, not what is left of it", async () => {
    const key = await formReader("ec2", "ImportKeyPair", "PublicKeyMaterial");
    for (const text of ["YQ=", "Y-Q_", "a b=", "=YQ=", "YQ"])
      assert.throws(() => key(text), { code: "InvalidParameterValue" }, text);
  });
});

describe("a text in a path, a query or a header of S3", () => {
  const read = async (query: string, headers: Record<string, string> = {}) =>
    readRequest(
      await loadServiceModel("s3"),
      { method: "GET", path: "/bucket/key", query, headers, body: Buffer.alloc(0) },
      defaultWireLimits,
    ).input;

  test("is converted by its type", async () => {
    const date = "Wed, 21 Oct 2026 07:28:00 GMT";
    const input = await read("partNumber=2", { "if-modified-since": date });
    assert.equal(input.PartNumber, 2);
    assert.deepEqual(input.IfModifiedSince, new Date(date));
  });

  test("is refused when it does not fit", async () => {
    await assert.rejects(read("partNumber=1e1"), { code: "InvalidArgument" });
    await assert.rejects(read("", { "if-modified-since": "yesterday" }), { code: "InvalidArgument" });
  });
});

test("a JSON number with a fraction is none where the model has an integer", async () => {
  const model = await loadServiceModel("logs");
  const read = (body: string, operation = "DescribeLogGroups") =>
    readRequest(
      model,
      {
        method: "POST",
        path: "/",
        query: "",
        headers: { "x-amz-target": `Logs_20140328.${operation}` },
        body: Buffer.from(body),
      },
      defaultWireLimits,
    ).input;
  assert.deepEqual(read('{"limit":10.0}'), { limit: 10 });
  for (const limit of ["1.5", "1e999", "-0.1"])
    assert.throws(() => read(`{"limit":${limit}}`), { code: "SerializationException" }, limit);
  const filter = (defaultValue: string) =>
    `{"logGroupName":"a","filterName":"b","filterPattern":"","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"1","defaultValue":${defaultValue}}]}`;
  assert.ok(read(filter("0.5"), "PutMetricFilter"));
});

test("a form is one however its media type is capitalised", async () => {
  const headers = { "content-type": "Application/X-WWW-Form-URLencoded;charset=UTF-8" };
  const body = Buffer.from("Action=ListUsers");
  const request = { method: "POST", path: "/", query: "", headers, body };
  const { operation } = readRequest(await loadServiceModel("iam"), request, defaultWireLimits);
  assert.equal(operation.name, "ListUsers");
});
