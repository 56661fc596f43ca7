import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateAccessKeyCommand, GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { Registry } from "prom-client";
import { createLog, systemClock, systemRandom } from "../../base/index.ts";
import { createEndpointListener } from "../endpoint-listener.ts";
import type { Listener } from "../listener.ts";
import { accessKey, createFakeEndpointServices } from "../testing/endpoint.ts";

/** AWS's own clients and hostile ones, over real sockets. */
describe("the endpoint", () => {
  const fake = createFakeEndpointServices(() => Date.now());
  const { handled } = fake;
  let listener: Listener;
  let common: ConstructorParameters<typeof IAMClient>[0] & object;
  const bodyBudgetBytes = 16 * 1024 * 1024;

  before(async () => {
    listener = await createEndpointListener({
      listen: { host: "127.0.0.1", port: 0 },
      log: createLog({ level: "silent" }),
      clock: systemClock,
      random: systemRandom,
      registry: new Registry(),
      stores: {},
      services: fake.services,
      limits: { headersTimeoutMs: 1000, requestTimeoutMs: 1500 },
      bodyBudgetBytes,
    });
    const endpoint = await listener.listen();
    common = { region: "eu-west-1", endpoint, maxAttempts: 1, credentials: accessKey };
  });
  after(() => listener.close());
  beforeEach(() => {
    handled.length = 0;
    delete fake.state.trailError;
    delete fake.state.denied;
  });

  describe("understands and is understood by AWS's clients", () => {
    test("CloudWatch Logs, an empty answer included", async () => {
      const client = new CloudWatchLogsClient(common);
      const { $metadata, ...nothing } = await client.send(
        new CreateLogGroupCommand({ logGroupName: "ü /a" }),
      );
      assert.deepEqual(nothing, {});
      assert.match($metadata.requestId ?? "", /^[0-9a-f-]{36}$/);
      assert.deepEqual(handled[0]?.input, { logGroupName: "ü /a" });
      const { logGroups } = await client.send(new DescribeLogGroupsCommand({}));
      assert.equal(logGroups?.[0]?.logGroupName, "a");
      client.destroy();
    });

    test("the largest PutLogEvents, whose escapes are six times its size", async () => {
      const client = new CloudWatchLogsClient(common);
      const message = "\u0001".repeat(1_040_000);
      await client.send(
        new PutLogEventsCommand({
          logGroupName: "a",
          logStreamName: "b",
          logEvents: [{ timestamp: 1, message }],
        }),
      );
      const input = handled[0]?.input as { logEvents: { message: string }[] };
      assert.equal(input.logEvents[0]?.message.length, message.length);
      client.destroy();
    });

    test("IAM", async () => {
      const client = new IAMClient(common);
      const { User } = await client.send(new GetUserCommand({}));
      assert.equal(User?.UserName, "alice");
      const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: "alice" }));
      assert.equal(AccessKey?.SecretAccessKey, "new-secret");
      client.destroy();
    });

    test("errors, by their classes and names", async () => {
      const logs = new CloudWatchLogsClient(common);
      await assert.rejects(
        logs.send(new CreateLogGroupCommand({ logGroupName: "missing" })),
        ResourceNotFoundException,
      );
      await assert.rejects(logs.send(new CreateLogGroupCommand({ logGroupName: "full" })), {
        name: "ServiceUnavailableException",
        $fault: "server",
      });
      const unserved = { logGroupName: "a", filterName: "b", filterPattern: "", metricTransformations: [] };
      await assert.rejects(logs.send(new PutMetricFilterCommand(unserved)), {
        name: "UnknownOperationException",
      });
      fake.state.denied = true;
      const iam = new IAMClient(common);
      await assert.rejects(iam.send(new GetUserCommand({})), {
        name: "AccessDenied",
        message: "alice may not.",
      });
      const stranger = new IAMClient({ ...common, credentials: { ...accessKey, secretAccessKey: "x" } });
      await assert.rejects(stranger.send(new GetUserCommand({})), { name: "SignatureDoesNotMatch" });
      for (const client of [logs, iam, stranger]) client.destroy();
    });
  });

  describe("stands what hostile clients send", () => {
    const exchange = async (...parts: (string | Buffer)[]): Promise<string> => {
      const socket = connect(listener.address()?.port ?? 0, "127.0.0.1");
      let received = "";
      socket.setEncoding("latin1").on("data", (text) => {
        received += text;
      });
      for (const part of parts) socket.write(part);
      await once(socket, "close");
      return received;
    };
    const signed = `Authorization: AWS4-HMAC-SHA256 Credential=${accessKey.accessKeyId}/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;
    const head = (...lines: string[]) =>
      [
        "POST / HTTP/1.1",
        "Host: a",
        "X-Amz-Target: Logs_20140328.CreateLogGroup",
        "X-Amz-Date: 20260101T000000Z",
        ...lines,
        "",
        "",
      ].join("\r\n");
    const close = "Connection: close";
    const statusesOf = (text: string) =>
      [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map((match) => Number(match[1]));

    test("headers that say two things", async () => {
      for (const lines of [
        ["X-Amz-Target: Logs_20140328.DeleteLogGroup"],
        ["X-Amz-Date: 20260101T000001Z"],
        [signed, signed],
        ["Host: b"],
      ]) {
        const text = await exchange(head(...lines, "Content-Length: 0", close));
        assert.deepEqual(statusesOf(text), [400], lines.join());
        assert.match(text, /MalformedHttpRequestException/);
      }
      assert.deepEqual(handled, []);
    });

    test("a body without a signature is not waited for", async () => {
      const text = await exchange(head("Content-Length: 5000000", "Expect: 100-continue"));
      assert.deepEqual(statusesOf(text), [400]);
      assert.match(text, /MissingAuthenticationTokenException/);
    });

    test("a body beyond the limit, announced or not", async () => {
      const announced = await exchange(head(signed, "Content-Length: 7000000", "Expect: 100-continue"));
      assert.deepEqual(statusesOf(announced), [413]);
      const chunk = `100000\r\n${"x".repeat(0x100000)}\r\n`;
      const chunked = await exchange(
        head(signed, "Transfer-Encoding: chunked"),
        ...Array(8).fill(chunk),
        "0\r\n\r\n",
        head("Content-Length: 0", close),
      );
      assert.deepEqual(statusesOf(chunked), [413, 400]);
    });

    test("bodies that stop, or whose senders go, hold no memory", async () => {
      const part = Buffer.alloc(5_000_000, 0x20);
      const slow = await exchange(head(signed, "Content-Length: 6000000"), part);
      assert.deepEqual(statusesOf(slow), [408]);
      const gone = connect(listener.address()?.port ?? 0, "127.0.0.1");
      gone.write(head(signed, "Content-Length: 6000000"));
      await new Promise<void>((resolve) => gone.write(part, () => resolve()));
      gone.destroy();
      await systemClock.sleep(100);
      // Would not fit beside what the two had sent.
      const text = await exchange(
        head(signed, "Content-Length: 6000000", close),
        Buffer.alloc(6_000_000, 0x20),
      );
      assert.match(text, /InvalidSignatureException/);
    });

    test("what is no HTTP, and headers without end", async () => {
      assert.deepEqual(statusesOf(await exchange("\x16\x03\x01 hello\r\n\r\n")), [400]);
      assert.deepEqual(statusesOf(await exchange(head(`X-Pad: ${"x".repeat(20_000)}`))), [431]);
      assert.deepEqual(statusesOf(await exchange("POST / HTTP/1.1\r\nHost: a\r\nX: y")), [408]);
    });

    test("other methods, other paths", async () => {
      const text = await exchange(head(close).replace("POST", "PUT"));
      assert.deepEqual(statusesOf(text), [405]);
      assert.match(text, /^allow: GET, POST\r$/m);
      assert.deepEqual(statusesOf(await exchange(head(close).replace("POST /", "POST /v1/metrics"))), [404]);
    });
  });
});
