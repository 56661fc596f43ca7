import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { Registry } from "prom-client";
import { createLog, systemClock, systemRandom } from "../../base/index.ts";
import { createConsoleListener, type Listener } from "../index.ts";
import { createFakeServices, tokenOf } from "../testing/fake-services.ts";
import type { ServerLimits } from "./limits.ts";

const admin = tokenOf("AdministratorAccess");

function createTestListener(
  limits: Partial<ServerLimits> = {},
  registry = new Registry(),
): Promise<Listener> {
  return createConsoleListener({
    listen: { host: "127.0.0.1", port: 0 },
    log: createLog({ level: "silent" }),
    clock: systemClock,
    random: systemRandom,
    registry,
    services: createFakeServices().services,
    stores: {},
    version: "0.0.0",
    uiDirectory: "/nonexistent",
    limits,
  });
}

/** Sends bytes and gives everything that comes back until the other side closes. */
function exchange(listener: Listener, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const port = listener.address()?.port ?? 0;
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      received += text;
    });
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
  });
}

const statusesOf = (answer: string) =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((match) => Number(match[1]));
const request = (...lines: string[]) => `${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`;
const get = (...headers: string[]) => request("GET /api/v1/session HTTP/1.1", "Host: a", ...headers);

describe("bytes on the wire", () => {
  let listener: Listener;
  before(async () => {
    listener = await createTestListener();
    await listener.listen();
  });
  after(() => listener.close());

  test("a plain request works", async () => {
    const answer = await exchange(listener, get(`Authorization: Bearer ${admin}`));
    assert.deepEqual(statusesOf(answer), [200]);
  });

  const refused: [string, string][] = [
    ["two Host headers", request("GET /healthz HTTP/1.1", "Host: a", "Host: b")],
    ["two Authorization headers", get(`Authorization: Bearer ${admin}`, "Authorization: Bearer other")],
    ["two X-AUTH-TOKEN headers", get(`X-AUTH-TOKEN: ${admin}`, "x-auth-token: other")],
    ["two cookies headers", get("Cookie: a=b", "Cookie: c=d")],
    ["an absolute target", request("GET http://evil.example/healthz HTTP/1.1", "Host: a")],
    ["a target of a host", request("GET //evil.example/healthz HTTP/1.1", "Host: a")],
    ["an asterisk target", request("OPTIONS * HTTP/1.1", "Host: a")],
    ["no Host", request("GET /healthz HTTP/1.1")],
    ["a bad escape", request("GET /api/v1/users/%zz HTTP/1.1", "Host: a")],
    ["a bare line feed in a header", "GET /healthz HTTP/1.1\r\nHost: a\nX: b\r\nConnection: close\r\n\r\n"],
    ["a folded header", "GET /healthz HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\nConnection: close\r\n\r\n"],
    ["a space before the colon", request("GET /healthz HTTP/1.1", "Host: a", "X : b")],
    ["no HTTP at all", "\u0016\u0003\u0001 hello\r\n\r\n"],
  ];
  for (const [name, bytes] of refused) {
    test(`${name} is 400`, async () => {
      const answer = await exchange(listener, bytes);
      assert.deepEqual(statusesOf(answer), [400], answer);
      assert.match(answer, /x-request-id: [0-9a-f-]{36}/i);
    });
  }

  // Each would let a second request hide in the body of the first.
  const smuggled = "GET /api/v1/overview HTTP/1.1\r\nHost: a\r\n\r\n";
  const post = (...headers: string[]) =>
    `POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${headers.join("\r\n")}\r\n\r\n`;
  const smuggling: [string, string][] = [
    ["length and chunks", `${post("Content-Length: 5", "Transfer-Encoding: chunked")}0\r\n\r\n${smuggled}`],
    ["chunks and length", `${post("Transfer-Encoding: chunked", "Content-Length: 5")}0\r\n\r\n${smuggled}`],
    ["two lengths", `${post("Content-Length: 2", "Content-Length: 60")}{}${smuggled}`],
    ["a length list", `${post("Content-Length: 2, 60")}{}${smuggled}`],
    ["a signed length", `${post("Content-Length: +2")}{}${smuggled}`],
    ["an unknown coding", `${post("Transfer-Encoding: xchunked")}0\r\n\r\n${smuggled}`],
    ["a coding after chunks", `${post("Transfer-Encoding: chunked, identity")}0\r\n\r\n${smuggled}`],
    [
      "two codings",
      `${post("Transfer-Encoding: chunked", "Transfer-Encoding: identity")}0\r\n\r\n${smuggled}`,
    ],
    ["a chunk size that is none", `${post("Transfer-Encoding: chunked")}0x2\r\n{}\r\n0\r\n\r\n${smuggled}`],
    ["a bare line feed after a chunk", `${post("Transfer-Encoding: chunked")}2\n{}\r\n0\r\n\r\n${smuggled}`],
  ];
  for (const [name, bytes] of smuggling) {
    test(`${name}: one answer, 400, and the connection is closed`, async () => {
      assert.deepEqual(statusesOf(await exchange(listener, bytes)), [400]);
    });
  }

  test("chunked bodies are read", async () => {
    const body = '9\r\n{"user":"\r\n1f\r\na","password":"correct horse "}\r\n0\r\n\r\n';
    const headers = ["Content-Type: application/json", "Transfer-Encoding: chunked", "Connection: close"];
    const answer = await exchange(
      listener,
      `POST /api/v1/session HTTP/1.1\r\nHost: a\r\n${headers.join("\r\n")}\r\n\r\n${body}`,
    );
    assert.deepEqual(statusesOf(answer), [401]);
    assert.match(answer, /login_failed/);
  });

  test("headers beyond 16 KiB are 431", async () => {
    const answer = await exchange(listener, get(`X: ${"a".repeat(20_000)}`));
    assert.deepEqual(statusesOf(answer), [431]);
    assert.match(answer, /headers_too_large/);
  });

  test("a compressed body is 415, whatever it would hold", async () => {
    const answer = await exchange(
      listener,
      request("POST /api/v1/session HTTP/1.1", "Host: a", "Content-Encoding: gzip", "Content-Length: 0"),
    );
    assert.deepEqual(statusesOf(answer), [415]);
  });

  test("a body of a million brackets is 400", async () => {
    const response = await fetch(`http://127.0.0.1:${listener.address()?.port}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "[".repeat(400_000) + "]".repeat(400_000),
    });
    assert.equal(response.status, 400);
  });
});

describe("limits", () => {
  test("headers and bodies that do not come are cut off", async () => {
    const listener = await createTestListener({ headersTimeoutMs: 200, requestTimeoutMs: 400 });
    await listener.listen();
    const [slowHeaders, slowBody] = await Promise.all([
      exchange(listener, "GET /healthz HTTP/1.1\r\nHost: a\r\n"),
      exchange(
        listener,
        "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
      ),
    ]);
    assert.deepEqual(statusesOf(slowHeaders), [408]);
    assert.match(slowHeaders, /request_timed_out/);
    assert.deepEqual(statusesOf(slowBody), [408]);
    await listener.close();
  });

  test("callers who go away, or break off, take no place from others", async () => {
    const registry = new Registry();
    const listener = await createTestListener({ requestsInFlightMax: 2 }, registry);
    await listener.listen();
    const head = "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json";
    for (let i = 0; i < 4; i++) {
      await exchange(listener, `${head}\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n`);
      const socket = connect(listener.address()?.port ?? 0, "127.0.0.1");
      socket.write(`${head}\r\nContent-Length: 9\r\n\r\n{`);
      await systemClock.sleep(20);
      socket.destroy();
    }
    await systemClock.sleep(20);
    assert.deepEqual(statusesOf(await exchange(listener, get(`Authorization: Bearer ${admin}`))), [200]);
    const metrics = await registry.metrics();
    assert.match(metrics, /^nephoscope_http_requests_in_flight\{listener="console"\} 0$/m);
    assert.match(metrics, /^nephoscope_http_request_duration_seconds_count\{.*status="499"\} 4$/m);
    await listener.close();
  });

  test("nor do those who send on without waiting for answers: their connections end", async () => {
    const registry = new Registry();
    const connections = { total: 100, perAddress: 3 };
    const listener = await createTestListener({ requestsInFlightMax: 4, connections }, registry);
    await listener.listen();
    const unread = "GET /api/v1/session HTTP/1.1\r\nHost: a\r\n\r\n";
    const answers = await exchange(listener, unread.repeat(2) + get());
    assert.equal(answers.match(/HTTP\/1\.1 401/g)?.length, 3);
    assert.equal(await exchange(listener, unread.repeat(9)).catch(() => ""), "");
    assert.deepEqual(statusesOf(await exchange(listener, get(`Authorization: Bearer ${admin}`))), [200]);
    assert.match(await registry.metrics(), /^nephoscope_http_requests_in_flight\{listener="console"\} 0$/m);
    await listener.close();
  });

  test("one address cannot take all connections", async () => {
    const listener = await createTestListener({ connections: { total: 100, perAddress: 2 } });
    await listener.listen();
    const port = listener.address()?.port ?? 0;
    const open = () =>
      new Promise<string>((resolve) => {
        const socket = connect(port, "127.0.0.1");
        const settle = (outcome: string) => {
          sockets.push(socket);
          resolve(outcome);
        };
        socket.on("error", () => settle("closed"));
        socket.on("close", () => settle("closed"));
        socket.on("connect", () => socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"));
        socket.on("data", () => settle("served"));
      });
    const sockets: ReturnType<typeof connect>[] = [];
    const outcomes = [await open(), await open(), await open()];
    assert.deepEqual(outcomes, ["served", "served", "closed"]);
    for (const socket of sockets) socket.destroy();
    await listener.close();
  });
});

test("closing waits for the request under way and refuses new ones", async () => {
  const { services } = createFakeServices();
  let finish = () => {};
  const started = new Promise<void>((resolve) => {
    services.overview.get = () => {
      resolve();
      return new Promise((_, reject) => {
        finish = () => reject(new Error("finished"));
      });
    };
  });
  const listener = await createConsoleListener({
    listen: { host: "127.0.0.1", port: 0 },
    log: createLog({ level: "silent" }),
    clock: systemClock,
    random: systemRandom,
    registry: new Registry(),
    services,
    stores: {},
    version: "0.0.0",
    uiDirectory: "/nonexistent",
  });
  const url = await listener.listen();
  const pending = fetch(`${url}/api/v1/overview`, { headers: { authorization: `Bearer ${admin}` } });
  await started;
  const closing = listener.close();
  await assert.rejects(fetch(`${url}/healthz`));
  finish();
  assert.equal((await pending).status, 500);
  await closing;
});

describe("closing does not wait for", () => {
  const waiting: [string, string][] = [
    ["a connection that says nothing", ""],
    ["headers that do not come", "GET /healthz HTTP/1.1\r\nHo"],
    ["a connection that is kept open", "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"],
  ];
  for (const [name, bytes] of waiting) {
    test(name, { timeout: 5_000 }, async () => {
      const listener = await createTestListener();
      await listener.listen();
      const ended = exchange(listener, bytes);
      // Until it was accepted, and what it says was read.
      await systemClock.sleep(100);
      await listener.close();
      assert.deepEqual(statusesOf(await ended), bytes.endsWith("\r\n\r\n") ? [200] : []);
    });
  }

  test("a body that does not come, longer than any other time", { timeout: 10_000 }, async () => {
    const listener = await createTestListener({ headersTimeoutMs: 200, requestTimeoutMs: 400 });
    await listener.listen();
    const head = "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json";
    const ended = exchange(listener, `${head}\r\nContent-Length: 100\r\n\r\n{`);
    await systemClock.sleep(100);
    await listener.close();
    assert.deepEqual(statusesOf(await ended), [408]);
  });
});
