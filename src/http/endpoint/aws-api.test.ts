import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { type SigningInput, signedRequest } from "../../../test/support/sdk-in-process.ts";
import { AppError } from "../../base/index.ts";
import { accessKey, alice, createTestEndpoint, nowMs, type TestEndpoint } from "../testing/endpoint.ts";

type Change = Partial<SigningInput>;

const json = (operation: string) => ({
  "x-amz-target": `Logs_20140328.${operation}`,
  "content-type": "application/x-amz-json-1.1",
});
const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };

describe("POST /", () => {
  let endpoint: TestEndpoint;
  beforeEach(async () => {
    endpoint = await createTestEndpoint();
  });
  afterEach(() => endpoint.app.close());

  const inject = (request: {
    method?: string;
    query?: string;
    headers?: object;
    body?: string | Uint8Array;
  }) =>
    endpoint.app.inject({
      method: (request.method ?? "POST") as "POST",
      url: `/${request.query ? `?${request.query}` : ""}`,
      headers: { host: "aws.test", ...request.headers },
      ...(request.body !== undefined && { payload: Buffer.from(request.body) }),
    });
  const send = async (input: Change) => {
    const { method, query, headers, body } = await signedRequest({
      ...accessKey,
      service: "logs",
      atMs: nowMs,
      ...input,
    });
    return inject({ method, query, headers, ...(method === "POST" && { body }) });
  };
  const logs = (operation: string, input: object | string, change: Change = {}) =>
    send({
      headers: json(operation),
      body: typeof input === "string" ? input : JSON.stringify(input),
      ...change,
    });
  const iam = (parameters: string, change: Change = {}) =>
    send({
      service: "iam",
      headers: form,
      body: `Version=2010-05-08&${parameters}`,
      ...change,
    });
  const nothingDone = () => {
    assert.deepEqual(endpoint.handled, []);
    assert.deepEqual(endpoint.trail, []);
  };

  describe("answers as the service does", () => {
    test("an operation without output: 200, no body, and the id of the request", async () => {
      const response = await logs("CreateLogGroup", { logGroupName: "a" });
      assert.equal(response.statusCode, 200, response.body);
      assert.equal(response.body, "");
      assert.equal(response.headers["content-length"], "0");
      assert.match(String(response.headers["x-amzn-requestid"]), /^[0-9a-f-]{36}$/);
      assert.equal(response.headers["x-amzn-requestid"], response.headers["x-request-id"]);
      assert.deepEqual(endpoint.handled, [{ operation: "CreateLogGroup", input: { logGroupName: "a" } }]);
    });

    test("JSON with a result", async () => {
      const response = await logs("DescribeLogGroups", {});
      assert.deepEqual(response.json(), { logGroups: [{ logGroupName: "a", creationTime: 1 }] });
      assert.equal(response.headers["content-type"], "application/x-amz-json-1.1");
    });

    test("the query protocol in XML", async () => {
      const response = await iam("Action=GetUser");
      assert.equal(response.statusCode, 200, response.body);
      assert.match(response.body, /<GetUserResult><User><Path>\/<\/Path><UserName>alice</);
      assert.ok(response.body.includes(`<RequestId>${response.headers["x-amzn-requestid"]}</RequestId>`));
    });

    for (const method of ["GET", "POST"]) {
      test(`a presigned ${method}`, async () => {
        const query = { Action: "GetUser", Version: "2010-05-08" };
        const response = await iam("", { method, query, body: "", headers: {}, presignSeconds: 60 });
        assert.equal(response.statusCode, 200, response.body);
        assert.match(response.body, /<UserName>alice</);
      });
    }
  });

  describe("refuses who proves nothing, in the service's own words", () => {
    const cases: [string, () => ReturnType<typeof inject>, string, number][] = [
      [
        "JSON, nothing signed",
        () => inject({ headers: json("CreateLogGroup"), body: "{}" }),
        "MissingAuthenticationTokenException",
        400,
      ],
      [
        "a form, nothing signed",
        () => inject({ headers: form, body: "Action=GetUser&Version=2010-05-08" }),
        "<Code>MissingAuthenticationToken</Code>",
        403,
      ],
      ["nothing at all", () => inject({}), "MissingAuthenticationTokenException", 400],
      ["a browser", () => inject({ method: "GET" }), "MissingAuthenticationTokenException", 400],
      [
        "an API key for logs",
        () =>
          inject({
            headers: { ...json("CreateLogGroup"), authorization: "Bearer ACWLEXAMPLE" },
            body: "{}",
          }),
        "MissingAuthenticationTokenException",
        400,
      ],
      [
        "an API key for IAM",
        () => inject({ headers: { ...form, authorization: "bearer ACWLEXAMPLE" }, body: "Action=GetUser" }),
        "<Code>MissingAuthenticationToken</Code>",
        403,
      ],
      [
        "half a signature",
        () =>
          inject({
            headers: { ...json("CreateLogGroup"), authorization: "AWS4-HMAC-SHA256 Credential=a" },
            body: "{}",
          }),
        "IncompleteSignatureException",
        400,
      ],
      [
        "an unknown key",
        () => logs("CreateLogGroup", { logGroupName: "a" }, { accessKeyId: "AKIAUNKNOWNUNKNOWN00" }),
        "UnrecognizedClientException",
        400,
      ],
      [
        "an unknown key at IAM",
        () => iam("Action=GetUser", { accessKeyId: "AKIAUNKNOWNUNKNOWN00" }),
        "<Code>InvalidClientTokenId</Code>",
        403,
      ],
      [
        "another secret",
        () => logs("CreateLogGroup", { logGroupName: "a" }, { secretAccessKey: "wrong" }),
        "InvalidSignatureException",
        400,
      ],
      [
        "a clock six minutes behind",
        () => logs("CreateLogGroup", { logGroupName: "a" }, { atMs: nowMs - 360_000 }),
        "- 5 min.)",
        400,
      ],
      [
        "a clock sixteen minutes behind at IAM",
        () => iam("Action=GetUser", { atMs: nowMs - 960_000 }),
        "- 15 min.)",
        403,
      ],
      [
        "a service that is none of ours",
        () => logs("CreateLogGroup", { logGroupName: "a" }, { service: "s3" }),
        "Credential should be scoped to correct service",
        400,
      ],
    ];
    for (const [name, request, words, status] of cases) {
      test(name, async () => {
        const response = await request();
        assert.ok(response.body.includes(words), response.body);
        assert.equal(response.statusCode, status);
        assert.match(String(response.headers["x-amzn-requestid"]), /^[0-9a-f-]{36}$/);
        nothingDone();
      });
    }

    test("a clock fourteen minutes behind is well with IAM", async () => {
      assert.equal((await iam("Action=GetUser", { atMs: nowMs - 840_000 })).statusCode, 200);
    });

    test("a body that was changed on its way", async () => {
      const { headers } = await signedRequest({
        ...accessKey,
        service: "logs",
        atMs: nowMs,
        headers: json("CreateLogGroup"),
        body: '{"logGroupName":"a"}',
      });
      const response = await inject({ headers, body: '{"logGroupName":"b"}' });
      assert.match(response.body, /InvalidSignatureException/);
      nothingDone();
    });
  });

  describe("tells what it does not understand", () => {
    const cases: [string, () => ReturnType<typeof inject>, RegExp, number][] = [
      ["an operation nobody knows", () => logs("Explode", {}), /"__type":"UnknownOperationException"/, 400],
      [
        "one that AWS has and this server has not, by its name",
        () =>
          logs("PutMetricFilter", {
            logGroupName: "a",
            filterName: "b",
            filterPattern: "",
            metricTransformations: [],
          }),
        /"__type":"UnknownOperationException".*PutMetricFilter of the service logs is not served/,
        400,
      ],
      [
        "the same at IAM",
        () => iam("Action=CreateVirtualMFADevice&VirtualMFADeviceName=a"),
        /<Code>InvalidAction<\/Code><Message>The operation CreateVirtualMFADevice /,
        400,
      ],
      [
        "one that is not served before what its input lacks",
        () => logs("PutMetricFilter", {}),
        /"__type":"UnknownOperationException".*PutMetricFilter of the service logs is not served/,
        400,
      ],
      [
        "and before a body that is no JSON",
        () => logs("PutMetricFilter", "{"),
        /"__type":"UnknownOperationException"/,
        400,
      ],
      [
        "the same at IAM, with a missing and a malformed parameter",
        () => iam("Action=CreateRole&MaxSessionDuration=many"),
        /<Code>InvalidAction<\/Code><Message>The operation CreateRole of the service iam is not served/,
        400,
      ],
      ["an action nobody knows", () => iam("Action=Explode"), /<Code>InvalidAction<\/Code>/, 400],
      ["a name of every object", () => logs("constructor", {}), /UnknownOperationException/, 400],
      ["no JSON", () => logs("CreateLogGroup", "{"), /"__type":"SerializationException"/, 400],
      ["a list", () => logs("CreateLogGroup", "[]"), /"__type":"SerializationException"/, 400],
      ["a wrong type", () => logs("CreateLogGroup", { logGroupName: 5 }), /SerializationException/, 400],
      ["a missing member", () => logs("CreateLogGroup", {}), /InvalidParameterException/, 400],
      [
        "four hundred thousand nested lists",
        () => logs("CreateLogGroup", `{"logGroupName":${"[".repeat(400_000)}`),
        /SerializationException/,
        400,
      ],
      [
        "a compressed body",
        () =>
          logs("CreateLogGroup", "{}", {
            headers: { ...json("CreateLogGroup"), "content-encoding": "gzip" },
          }),
        /MalformedHttpRequestException/,
        400,
      ],
      [
        "a body of more than 6 MiB",
        () => logs("CreateLogGroup", `{"logGroupName":"${"x".repeat(6 * 1024 * 1024)}"}`),
        /RequestEntityTooLargeException/,
        413,
      ],
    ];
    for (const [name, request, words, status] of cases) {
      test(name, async () => {
        const response = await request();
        assert.match(response.body, words);
        assert.equal(response.statusCode, status);
        nothingDone();
      });
    }

    test("a fault of the server tells nothing, and the log has it", async () => {
      const response = await logs("CreateLogGroup", { logGroupName: "broken" });
      assert.equal(response.statusCode, 500);
      assert.equal(response.json().__type, "InternalFailure");
      assert.ok(!response.body.includes("internal words"));
      const line = endpoint.logLines.find((text) => text.includes("internal words"));
      assert.match(line ?? "", /"level":"error".*"operation":"logs:CreateLogGroup"/);
    });

    test("a store without room is 503 and says when to come again", async () => {
      const response = await logs("CreateLogGroup", { logGroupName: "full" });
      assert.equal(response.statusCode, 503);
      assert.match(response.json().__type, /ServiceUnavailableException$/);
      assert.equal(response.headers["retry-after"], "10");
    });

    test("an error of the service is answered as it is", async () => {
      const response = await logs("CreateLogGroup", { logGroupName: "missing" });
      assert.equal(response.statusCode, 400);
      assert.equal(response.json().__type, "com.amazonaws.cloudwatchlogs#ResourceNotFoundException");
      assert.equal(response.json().message, "The specified log group does not exist.");
    });
  });

  describe("asks whether it is allowed", () => {
    test("each question the operation has", async () => {
      await logs("CreateLogGroup", { logGroupName: "a" });
      assert.deepEqual(endpoint.asked, [
        {
          action: "logs:CreateLogGroup",
          resource: "arn:aws:logs:us-east-1:123456789012:log-group:a",
        },
      ]);
    });

    for (const [service, request, status, code] of [
      ["logs", () => logs("CreateLogGroup", { logGroupName: "a" }), 400, "AccessDeniedException"],
      ["iam", () => iam("Action=GetUser"), 403, "<Code>AccessDenied</Code>"],
    ] as const) {
      test(`and refuses at ${service}, on record`, async () => {
        endpoint.state.denied = true;
        const response = await request();
        assert.equal(response.statusCode, status);
        assert.ok(response.body.includes(code), response.body);
        assert.ok(response.body.includes("alice may not."));
        assert.deepEqual(endpoint.handled, []);
        assert.deepEqual(
          endpoint.trail.map(({ step, result }) => [step, result]),
          [["written", { errorCode: "AccessDenied", errorMessage: "alice may not." }]],
        );
      });
    }

    test("data calls are refused without a record, as AWS makes none", async () => {
      endpoint.state.denied = true;
      const response = await logs("PutLogEvents", {
        logGroupName: "a",
        logStreamName: "b",
        logEvents: [],
      });
      assert.equal(response.json().__type, "com.amazonaws.cloudwatchlogs#AccessDeniedException");
      nothingDone();
    });
  });

  describe("records", () => {
    const outcome = () => endpoint.trail.map(({ step, result }) => [step, result]);

    test("a change before it is made and when it is over", async () => {
      const response = await iam("Action=CreateAccessKey&UserName=alice", {
        headers: { ...form, "user-agent": "test/1" },
      });
      assert.equal(response.statusCode, 200, response.body);
      assert.deepEqual(endpoint.trail[0], {
        step: "begun",
        event: {
          eventTimeMs: nowMs,
          eventSource: "iam.amazonaws.com",
          eventName: "CreateAccessKey",
          userIdentity: {
            type: "IAMUser",
            principalId: alice.id,
            arn: alice.arn,
            accountId: alice.accountId,
            userName: "alice",
            accessKeyId: accessKey.accessKeyId,
          },
          sourceIPAddress: "127.0.0.1",
          userAgent: "test/1",
          requestId: response.headers["x-amzn-requestid"],
          readOnly: false,
          eventCategory: "Management",
          requestParameters: { userName: "alice" },
          resources: [],
          apiVersion: "2010-05-08",
        },
      });
      assert.deepEqual(outcome()[1], [
        "finished",
        {
          responseElements: {
            accessKey: {
              userName: "alice",
              accessKeyId: "AKIANEW",
              status: "Active",
              secretAccessKey: "HIDDEN_DUE_TO_SECURITY_REASONS",
              createDate: new Date(nowMs).toISOString(),
            },
          },
        },
      ]);
    });

    test("no secret, in the trail or in the log", async () => {
      await iam("Action=CreateAccessKey&UserName=alice");
      await iam("Action=CreateLoginProfile&UserName=alice&Password=correct-horse");
      assert.equal(endpoint.handled.length, 2);
      const everything = JSON.stringify(endpoint.trail) + endpoint.logLines.join("");
      for (const secret of ["new-secret", "correct-horse", accessKey.secretAccessKey, "Signature="])
        assert.ok(!everything.includes(secret), secret);
    });

    test("a change that failed", async () => {
      await logs("CreateLogGroup", { logGroupName: "missing" });
      assert.deepEqual(outcome()[1], [
        "finished",
        {
          errorCode: "ResourceNotFoundException",
          errorMessage: "The specified log group does not exist.",
        },
      ]);
    });

    test("a read once, without what was read", async () => {
      await logs("DescribeLogGroups", { limit: 5 });
      assert.deepEqual(outcome(), [["written", { responseElements: null }]]);
      assert.deepEqual(endpoint.trail[0]?.event.requestParameters, { limit: 5 });
      assert.equal(endpoint.trail[0]?.event.readOnly, true);
      assert.equal(endpoint.trail[0]?.event.apiVersion, "20140328");
    });

    test("of data calls nothing", async () => {
      await logs("PutLogEvents", { logGroupName: "a", logStreamName: "b", logEvents: [] });
      assert.equal(endpoint.handled.length, 1);
      assert.deepEqual(endpoint.trail, []);
    });

    test("and does nothing when it cannot: 503", async () => {
      endpoint.state.trailError = new AppError("storage_full");
      const change = await logs("CreateLogGroup", { logGroupName: "a" });
      assert.equal(change.statusCode, 503);
      assert.match(change.json().__type, /ServiceUnavailableException$/);
      assert.deepEqual(endpoint.handled, []);
      const read = await iam("Action=GetUser");
      assert.equal(read.statusCode, 503);
      assert.match(read.body, /<Code>ServiceUnavailable<\/Code>/);
      endpoint.state.denied = true;
      assert.equal((await iam("Action=GetUser")).statusCode, 503);
    });

    test("a change stands when its outcome cannot be written", async () => {
      const full = new AppError("storage_full");
      const response = logs("CreateLogGroup", { logGroupName: "a" });
      const originalPush = endpoint.trail.push.bind(endpoint.trail);
      endpoint.trail.push = (...traces) => {
        endpoint.state.trailError = full;
        return originalPush(...traces);
      };
      assert.equal((await response).statusCode, 200);
      assert.ok(endpoint.logLines.some((line) => line.includes("missing in the audit trail")));
    });
  });

  test("a body for which there is no memory is 503 before it is read, and asks to come again", async () => {
    await endpoint.app.close();
    endpoint = await createTestEndpoint({ bodyBudgetBytes: 10 });
    const response = await logs("CreateLogGroup", { logGroupName: "a" });
    assert.equal(response.statusCode, 503);
    assert.match(response.json().__type, /ServiceUnavailableException$/);
    assert.equal(response.headers["retry-after"], "1");
    nothingDone();
    for (let i = 0; i < 3; i++) assert.equal((await logs("DescribeLogGroups", {})).statusCode, 200);
  });

  test("one log line a call names operation, caller and key, and the error's code", async () => {
    await logs("CreateLogGroup", { logGroupName: "missing" });
    const line = endpoint.logLines.map((text) => JSON.parse(text)).find(({ msg }) => msg === "Request.");
    assert.equal(line.operation, "logs:CreateLogGroup");
    assert.equal(line.caller, alice.arn);
    assert.equal(line.proofId, accessKey.accessKeyId);
    assert.equal(line.errorCode, "ResourceNotFoundException");
  });

  describe("limits", () => {
    beforeEach(async () => {
      await endpoint.app.close();
      endpoint = await createTestEndpoint({ requestsPerSecond: 1 });
    });

    test("what one principal may call, data calls apart", async () => {
      const codes = [];
      for (let i = 0; i < 11; i++) codes.push((await iam("Action=GetUser")).statusCode);
      assert.deepEqual(codes, [...Array(10).fill(200), 400]);
      assert.match((await iam("Action=GetUser")).body, /<Code>Throttling<\/Code>/);
      const events = { logGroupName: "a", logStreamName: "b", logEvents: [] };
      assert.equal((await logs("PutLogEvents", events)).statusCode, 200);
    });

    test("what one address may fail, while those who prove themselves go on", async () => {
      for (let i = 0; i < 10; i++) await inject({ headers: json("CreateLogGroup"), body: "{}" });
      const response = await inject({ headers: json("CreateLogGroup"), body: "{}" });
      assert.equal(response.json().__type, "com.amazonaws.cloudwatchlogs#ThrottlingException");
      assert.equal((await iam("Action=GetUser")).statusCode, 200);
    });
  });
});
