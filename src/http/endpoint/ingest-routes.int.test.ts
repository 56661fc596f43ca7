import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import { Registry } from "prom-client";
import { createLog, systemClock, systemRandom, toAppError } from "../../base/index.ts";
import { errorCodes } from "../../contract/index.ts";
import { createEndpointListener } from "../endpoint-listener.ts";
import type { Admission, IngestAnswer, IngestHead, IngestService } from "../endpoint-services.ts";
import type { Listener } from "../listener.ts";
import { createFakeEndpointServices } from "../testing/endpoint.ts";

const path = "/services/collector/event";
const bodyMax = 100_000;
const answer = (status: number, text: string, headers = {}): IngestAnswer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify({ message: text }),
});

/** What the carrier did with the service. */
interface Recorded {
  readonly heads: IngestHead[];
  readonly bodies: string[];
  readonly rejections: string[];
  readonly refusals: string[];
  released: number;
  held: number;
  waiting?: Promise<void>;
  admitting?: Promise<void>;
  tellable?: (gone: AbortSignal) => Promise<void>;
}

function createFakeIngest(recorded: Recorded): IngestService {
  const admission: Admission = {
    needsBody: true,
    maxBodyBytes: bodyMax,
    accept: async (body) => {
      recorded.bodies.push(body.toString());
      await recorded.waiting;
      if (body.toString() === "explode") throw new TypeError("internal words");
      const { tellable } = recorded;
      return { ...answer(200, "accepted", { "x-own": "1" }), ...(tellable && { tellable }) };
    },
    hold: (bytes) => {
      recorded.held += bytes;
    },
    reject: (error) => {
      const { code } = toAppError(error);
      recorded.rejections.push(code);
      return answer(errorCodes[code].status, "rejected");
    },
    release: () => {
      recorded.released++;
    },
  };
  return {
    paths: [path],
    admit: async (head) => {
      recorded.heads.push(head);
      await recorded.admitting;
      if (head.method !== "POST") return answer(405, "method", { allow: "POST" });
      return head.headers.authorization === "Bearer good" ? admission : answer(401, "refused");
    },
    refuse: (_head, error) => {
      const { code, retryAfterMs } = toAppError(error);
      recorded.refusals.push(code);
      const retry = retryAfterMs === undefined ? {} : { "retry-after": String(retryAfterMs / 1000) };
      return answer(errorCodes[code].status, "not looked at", retry);
    },
  };
}

describe("the carrier of log events", () => {
  let listener: Listener;
  let recorded: Recorded;
  const create = async () => {
    recorded = { heads: [], bodies: [], rejections: [], refusals: [], released: 0, held: 0 };
    const fake = createFakeEndpointServices();
    // Reads `recorded` anew, so that each test has its own.
    const proxy: IngestService = {
      paths: [path],
      admit: (head) => createFakeIngest(recorded).admit(head),
      refuse: (head, error) => createFakeIngest(recorded).refuse(head, error),
    };
    const created = await createEndpointListener({
      listen: { host: "127.0.0.1", port: 0 },
      log: createLog({ level: "silent" }),
      clock: systemClock,
      random: systemRandom,
      registry: new Registry(),
      stores: {},
      services: { ...fake.services, ingest: proxy },
      trustedProxies: { check: (address) => address === "127.0.0.1" },
      limits: { headersTimeoutMs: 1000, requestTimeoutMs: 1500 },
    });
    await created.listen();
    return created;
  };
  before(async () => {
    listener = await create();
  });
  after(() => listener.close());
  beforeEach(() => {
    recorded = { heads: [], bodies: [], rejections: [], refusals: [], released: 0, held: 0 };
  });

  const open = async (): Promise<Socket & { received: string }> => {
    const socket = connect(listener.address()?.port ?? 0, "127.0.0.1");
    await once(socket, "connect");
    const receiving = Object.assign(socket, { received: "" });
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      receiving.received += text;
    });
    return receiving;
  };
  /** Sends bytes and gives all that comes until the other side closes; a reset fails the test. */
  const exchange = async (...parts: string[]): Promise<string> => {
    const socket = await open();
    for (const part of parts) socket.write(part, "latin1");
    await once(socket, "close");
    return socket.received;
  };
  const head = (...lines: string[]) => [`POST ${path} HTTP/1.1`, "Host: a", ...lines, "", ""].join("\r\n");
  const good = "Authorization: Bearer good";
  const close = "Connection: close";
  const statusesOf = (text: string) =>
    [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map((match) => Number(match[1]));
  /** A request whose body was read, and which is answered once `finish` is called. */
  const sendAndWait = async () => {
    const { promise, resolve: finish } = Promise.withResolvers<void>();
    recorded.waiting = promise;
    const socket = await open();
    socket.write(`${head(good, "Content-Length: 1")}a`);
    await until(() => recorded.bodies.length === 1);
    return { socket, finish };
  };
  const until = async (isSo: () => boolean) => {
    for (let i = 0; i < 300 && !isSo(); i++) await systemClock.sleep(10);
    assert.ok(isSo());
  };

  test("carries head and body in, status, headers and body out", async () => {
    const text = await exchange(
      `${head(good, "Content-Length: 3", "Content-Type: application/json", "X-Aws-Log-Group: g", close)}{ }`,
    );
    assert.deepEqual(statusesOf(text), [200]);
    assert.match(text, /^x-own: 1\r$/m);
    assert.match(text, /^content-type: application\/json\r$/m);
    assert.match(text, /^x-amzn-requestid: [0-9a-f-]{36}\r$/m);
    assert.ok(text.endsWith('{"message":"accepted"}'));
    const [seen] = recorded.heads;
    assert.deepEqual([recorded.bodies, recorded.held], [["{ }"], 3]);
    assert.deepEqual(
      [seen?.method, seen?.path, seen?.query, seen?.headers["x-aws-log-group"], seen?.contentLength],
      ["POST", path, "", "g", 3],
    );
    assert.deepEqual([seen?.address, seen?.secure], ["127.0.0.1", false]);
    assert.ok(text.includes(seen?.requestId ?? "none"));
    assert.equal(recorded.released, 1);
  });

  test("a query comes as it was sent", async () => {
    const socket = await open();
    socket.write(head(good, "Content-Length: 0", close).replace(path, `${path}?logGroup=a%2Fb&x`));
    await once(socket, "close");
    assert.equal(recorded.heads[0]?.query, "logGroup=a%2Fb&x");
    assert.deepEqual(recorded.bodies, [""]);
  });

  test("chunked bodies, and those without a content type, and compressed ones as they are", async () => {
    await exchange(`${head(good, "Transfer-Encoding: chunked", close)}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`);
    await exchange(`${head(good, "Content-Encoding: gzip", "Content-Length: 2", close)}\x1f\x8b`);
    assert.equal(recorded.heads[0]?.contentLength, undefined);
    assert.equal(recorded.bodies[0], "abcde");
    assert.equal(recorded.bodies.length, 2);
    assert.equal(recorded.released, 2);
  });

  test("a trusted proxy tells whether the request came over https", async () => {
    for (const proto of ["https", "http"])
      await exchange(head(good, `X-Forwarded-Proto: ${proto}`, "Content-Length: 0", close));
    assert.deepEqual(
      recorded.heads.map(({ secure }) => secure),
      [true, false],
    );
  });

  test("several requests on one connection", async () => {
    const one = `${head(good, "Content-Length: 1")}a`;
    assert.deepEqual(
      statusesOf(await exchange(one + one, `${head(good, "Content-Length: 1", close)}b`)),
      [200, 200, 200],
    );
    assert.equal(recorded.released, 3);
  });

  test("an answer that is not to be told yet waits, and nothing of its request is kept", async () => {
    const { promise, resolve: tell } = Promise.withResolvers<void>();
    recorded.tellable = () => promise;
    const socket = await open();
    socket.write(`${head(good, "Content-Length: 1", close)}a`);
    await until(() => recorded.released === 1);
    assert.equal(socket.received, "");
    tell();
    await once(socket, "close");
    assert.deepEqual(statusesOf(socket.received), [200]);
  });

  test("who goes meanwhile is waited for no longer", async () => {
    const goneSignals: AbortSignal[] = [];
    const { promise, resolve: tell } = Promise.withResolvers<void>();
    recorded.tellable = (gone) => {
      goneSignals.push(gone);
      return promise;
    };
    const socket = await open();
    socket.write(`${head(good, "Content-Length: 1")}a`.repeat(20));
    await until(() => goneSignals.length === 20);
    assert.ok(goneSignals.every(({ aborted }) => !aborted));
    socket.destroy();
    await until(() => goneSignals.every(({ aborted }) => aborted));
    tell();
  });

  describe("before a body is read", () => {
    test("a refusal is sent, and the rest of the connection is usable", async () => {
      const socket = await open();
      socket.write(head("Authorization: Bearer bad", "Content-Length: 5"));
      await until(() => socket.received.includes("refused"));
      assert.deepEqual(statusesOf(socket.received), [401]);
      socket.write(`12345${head(good, "Content-Length: 1", close)}a`);
      await once(socket, "close");
      assert.deepEqual(statusesOf(socket.received), [401, 200]);
      assert.deepEqual(recorded.bodies, ["a"]);
    });

    test("an announced length beyond the limit is rejected", async () => {
      const socket = await open();
      socket.write(head(good, `Content-Length: ${bodyMax + 1}`));
      await until(() => socket.received.includes("rejected"));
      socket.destroy();
      assert.deepEqual(recorded.rejections, ["body_too_large"]);
      assert.equal(recorded.released, 1);
    });

    test("who waits for the word to go on is told so when admitted, and not when refused", async () => {
      const admitted = await open();
      admitted.write(head(good, "Content-Length: 1", "Expect: 100-continue", close));
      await until(() => admitted.received.startsWith("HTTP/1.1 100 Continue\r\n\r\n"));
      admitted.write("a");
      await once(admitted, "close");
      assert.deepEqual(statusesOf(admitted.received), [100, 200]);
      assert.deepEqual(statusesOf(await exchange(head("Content-Length: 1", "Expect: 100-continue"))), [401]);
      const large = head(good, `Content-Length: ${bodyMax + 1}`, "Expect: 100-continue");
      assert.deepEqual(statusesOf(await exchange(large)), [413]);
    });
  });

  test("a refusal arrives although megabytes follow", async () => {
    const size = 20_000_000;
    const socket = await open();
    socket.write(head("Authorization: Bearer bad", `Content-Length: ${size}`));
    socket.write("x".repeat(size));
    socket.write(head(good, "Content-Length: 0", close));
    await once(socket, "close");
    assert.deepEqual(statusesOf(socket.received), [401, 200]);
  });

  for (const [name, start] of [
    ["of a connection that ends", head("Authorization: Bearer bad", "Content-Length: 9000000", close)],
    ["of what is no chunk", `${head(good, "Transfer-Encoding: chunked")}nonsense\r\n`],
    ["of what is no HTTP", "nonsense\r\n\r\n"],
  ] as const)
    test(`a refusal ${name} arrives although megabytes follow`, async () => {
      const text = await exchange(start, "x".repeat(9_000_000));
      assert.deepEqual(statusesOf(text), [name.includes("ends") ? 401 : 400]);
    });

  test("a chunked body that grows beyond the limit is rejected once, and what follows is thrown away", async () => {
    const socket = await open();
    socket.write(head(good, "Transfer-Encoding: chunked"));
    for (let i = 0; i < 30; i++) socket.write(`2710\r\n${"x".repeat(10_000)}\r\n`);
    socket.write("0\r\n\r\n");
    await until(() => socket.received.includes("rejected"));
    socket.write(`${head(good, "Content-Length: 1", close)}a`);
    await once(socket, "close");
    assert.deepEqual(statusesOf(socket.received), [413, 200]);
    assert.deepEqual(recorded.bodies, ["a"]);
    assert.deepEqual(recorded.rejections, ["body_too_large"]);
    assert.equal(recorded.released, 2);
  });

  test("a fault is rejected without its words", async () => {
    const text = await exchange(`${head(good, "Content-Length: 7", close)}explode`);
    assert.deepEqual(statusesOf(text), [500]);
    assert.ok(!text.includes("internal words"));
    assert.deepEqual([recorded.rejections, recorded.released], [["internal"], 1]);
  });

  describe("gives back what it was lent", () => {
    test("when the sender goes away in the middle", async () => {
      const socket = await open();
      socket.write(`${head(good, "Content-Length: 10")}abc`);
      await until(() => recorded.heads.length === 1);
      socket.destroy();
      await until(() => recorded.released === 1);
      assert.deepEqual(recorded.bodies, []);
    });

    test("when the body is too slow", async () => {
      const text = await exchange(`${head(good, "Content-Length: 10")}abc`);
      assert.deepEqual(statusesOf(text), [408]);
      await until(() => recorded.released === 1);
      assert.deepEqual(recorded.bodies, []);
    });

    test("when the sender goes away before the answer", async () => {
      const { socket, finish } = await sendAndWait();
      socket.destroy();
      await once(socket, "close");
      assert.equal(recorded.released, 0);
      finish();
      await until(() => recorded.released === 1);
    });
  });

  test("other methods get the answer of whoever knows the path", async () => {
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const text = await exchange(head(close).replace("POST", method));
      assert.deepEqual(statusesOf(text), [405], method);
      assert.match(text, /^allow: POST\r$/m);
    }
    assert.equal(recorded.released, 0);
  });

  test("a body with another transfer coding is refused before anybody is asked", async () => {
    const coded = head(good, "Transfer-Encoding: gzip, chunked", close);
    assert.deepEqual(statusesOf(await exchange(`${coded}1\r\na\r\n0\r\n\r\n`)), [400]);
    assert.deepEqual([recorded.heads, recorded.refusals], [[], ["malformed_request"]]);
  });

  const twice: [string, string, string][] = [
    ["Authorization", "Bearer good", "Bearer bad"],
    ["Content-Type", "application/json", "text/plain"],
    ["X-Aws-Log-Group", "a", "b"],
    ["X-Amz-Target", "a", "b"],
    ["X-Amz-Date", "a", "b"],
    ["Date", "a", "b"],
    ["Content-Encoding", "gzip", "identity"],
    ["Host", "a", "b"],
  ];
  for (const [name, first, second] of twice) {
    test(`two headers ${name} are refused before anybody is asked`, async () => {
      const text = await exchange(
        head(`${name}: ${first}`, `${name}: ${second}`, "Content-Length: 0", close),
      );
      assert.deepEqual(statusesOf(text), [400]);
      assert.ok(text.endsWith('{"message":"not looked at"}'));
      assert.deepEqual([recorded.heads, recorded.refusals], [[], ["header_conflict"]]);
    });
  }

  describe("what the listener itself refuses is told by whoever knows the path, and then the connection ends", () => {
    const told = (text: string) => [
      statusesOf(text),
      recorded.refusals,
      /"message":"not looked at"/.test(text),
    ];

    test("headers beyond 16 KiB: 431", async () => {
      const text = await exchange(head(`X-Aws-Log-Group: ${"a".repeat(20_000)}`));
      assert.deepEqual(told(text), [[431], ["headers_too_large"], true]);
      assert.match(text, /^connection: close\r$/im);
      assert.match(text, /^x-request-id: [0-9a-f-]{36}\r$/m);
    });

    test("headers that do not come: 408", async () => {
      const text = await exchange(`POST ${path} HTTP/1.1\r\nHost: a\r\n`);
      assert.deepEqual(told(text), [[408], ["request_timed_out"], true]);
      assert.match(text, /^connection: close\r$/im);
    });

    test("no HTTP: 400", async () => {
      assert.deepEqual(told(await exchange("hello\r\n\r\n")), [[400], ["malformed_request"], true]);
    });

    test("an unknown path: 404, whatever its body is; another method: 405", async () => {
      const lost = head("Content-Encoding: gzip", "Content-Length: 0", close).replace(path, "/nothing");
      assert.deepEqual(told(await exchange(lost)), [[404], ["route_not_found"], true]);
      recorded.refusals.length = 0;
      const text = await exchange(head(close).replace(`POST ${path}`, "DELETE /healthz"));
      assert.deepEqual(told(text), [[405], ["method_not_allowed"], true]);
      assert.match(text, /^allow: GET, HEAD\r$/m);
    });

    test("a target that is none: 400", async () => {
      const text = await exchange(head(good, "Content-Length: 0", close).replace(path, `${path}%zz`));
      assert.deepEqual(told(text), [[400], ["malformed_request"], true]);
    });
  });

  describe("a chunk that is none", () => {
    test("is told once, to whoever waits for the body", async () => {
      const text = await exchange(`${head(good, "Transfer-Encoding: chunked")}3\r\nabc\r\nxyz\r\n`);
      assert.deepEqual(statusesOf(text), [400]);
      assert.match(text, /^connection: close\r$/im);
      assert.deepEqual([recorded.rejections, recorded.released], [["malformed_request"], 1]);
    });

    test("is told although the request is still being looked at", async () => {
      let admit = () => {};
      recorded.admitting = new Promise((resolve) => {
        admit = resolve;
      });
      const text = await exchange(`${head(good, "Transfer-Encoding: chunked")}xyz\r\n`);
      assert.deepEqual([statusesOf(text), recorded.refusals], [[400], ["malformed_request"]]);
      admit();
      await until(() => recorded.released === 1);
    });
  });

  test("what follows a whole request is not its fault: it is answered, and the connection ends", async () => {
    const { socket, finish } = await sendAndWait();
    socket.write("nonsense\r\n\r\n");
    socket.write("and more of it\r\n\r\n");
    await systemClock.sleep(50);
    assert.equal(socket.received, "");
    finish();
    await once(socket, "close");
    assert.deepEqual(statusesOf(socket.received), [200]);
    assert.match(socket.received, /^connection: close\r$/im);
  });

  test("a stop waits for the request under way, and ends its connection", async () => {
    const stopping = await create();
    const port = stopping.address()?.port ?? 0;
    let finish = () => {};
    recorded.waiting = new Promise((resolve) => {
      finish = resolve;
    });
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1").on("data", (text) => {
      received += text;
    });
    socket.write(`${head(good, "Content-Length: 1")}a`);
    await until(() => recorded.bodies.length === 1);
    const closed = stopping.close();
    await systemClock.sleep(50);
    finish();
    await closed;
    await until(() => received.includes("accepted"));
    assert.match(received, /^connection: close\r$/im);
  });

  test("a stop answers the request that follows on an open connection, and ends it then", async () => {
    const stopping = await create();
    const socket = connect(stopping.address()?.port ?? 0, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1").on("data", (text) => {
      received += text;
    });
    socket.write(`${head(good, "Content-Length: 1")}a`);
    await until(() => received.includes("accepted"));
    const closed = stopping.close();
    await systemClock.sleep(20);
    socket.write(`${head(good, "Content-Length: 1")}b`);
    await closed;
    assert.deepEqual(statusesOf(received), [200, 503]);
    assert.match(received, /^retry-after: \d+\r$/im);
    assert.deepEqual(recorded.bodies, ["a"]);
  });
});
