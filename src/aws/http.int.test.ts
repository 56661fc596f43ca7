import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, afterEach, describe, test } from "node:test";
import { HttpRequest } from "@smithy/core/protocols";
import { Secret } from "../base/index.ts";
import { createHttpHandler, type HttpHandler, type HttpOptions } from "./http.ts";
import { plainSource } from "./source.ts";

const servers: Server[] = [];
const handlers: HttpHandler[] = [];
const folder = mkdtempSync(join(tmpdir(), "http-"));
const lenient = { allowPrivate: true, allowedHosts: [] };

afterEach(() => {
  for (const handler of handlers.splice(0)) handler.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});
after(() => rmSync(folder, { recursive: true }));

async function listen<T extends Server>(server: T): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}
const serve = (answer: RequestListener) => listen(createServer(answer));

async function get(
  port: number,
  options: Partial<HttpOptions> = {},
  target: { protocol?: string; hostname?: string } = {},
) {
  const handler = createHttpHandler({
    source: plainSource,
    policy: lenient,
    environment: {},
    connectionTimeoutMs: 500,
    requestTimeoutMs: 500,
    responseBytesMax: 1024,
    ...options,
  });
  handlers.push(handler);
  const request = new HttpRequest({
    protocol: "http:",
    hostname: "127.0.0.1",
    port,
    method: "GET",
    path: "/x",
    headers: {},
    ...target,
  });
  const { response } = await handler.handle(request, {});
  return { status: response.statusCode, body: await text(response.body) };
}

describe("a request handler", () => {
  test("does not follow a redirect", async () => {
    let asked = 0;
    const port = await serve((_, response) => {
      asked += 1;
      response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data/" }).end();
    });
    assert.equal((await get(port)).status, 302);
    assert.equal(asked, 1);
  });

  test("ends an answer that is larger than the cap", async () => {
    const port = await serve((_, response) => response.end("x".repeat(100_000)));
    await assert.rejects(get(port), { code: "RESPONSE_TOO_LARGE" });
    const small = await serve((_, response) => response.end("x".repeat(1024)));
    assert.equal((await get(small)).body.length, 1024);
  });

  test("ends an answer that never ends, however slowly it trickles", async () => {
    const timers: NodeJS.Timeout[] = [];
    const port = await serve((_, response) => {
      timers.push(setInterval(() => response.write("x"), 20));
    });
    await assert.rejects(get(port), { code: "ETIMEDOUT" });
    timers.forEach(clearInterval);
  });

  test("ends a call that is never answered", async () => {
    const port = await serve(() => undefined);
    await assert.rejects(get(port), { name: "TimeoutError" });
  });

  test("refuses a web page where an answer should be, and only then", async () => {
    const page = await serve((_, response) => response.end("\n<!DOCTYPE html><title>Sign in</title>"));
    await assert.rejects(get(page), { code: "UNEXPECTED_PAGE" });
    const denied = await serve((_, response) => response.writeHead(403).end("<html>no</html>"));
    assert.equal((await get(denied)).status, 403);
  });

  test("connects to no address that the policy forbids, by name or by number", async () => {
    let asked = 0;
    const port = await serve((_, response) => {
      asked += 1;
      response.end();
    });
    const strict = { policy: { allowPrivate: false, allowedHosts: [] } };
    for (const hostname of ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"]) {
      await assert.rejects(get(port, strict, { hostname }), { code: "ENDPOINT_NOT_ALLOWED" }, hostname);
    }
    await assert.rejects(get(port, {}, { hostname: "169.254.169.254" }), { code: "ENDPOINT_NOT_ALLOWED" });
    assert.equal(asked, 0);
  });

  test("tells the time that the server has", async () => {
    const port = await serve((_, response) => {
      response.setHeader("date", "Sat, 21 Nov 2026 00:00:00 GMT");
      response.end();
    });
    let seen = 0;
    await get(port, {
      onDate: (serverMs) => {
        seen = serverMs;
      },
    });
    assert.equal(new Date(seen).toISOString(), "2026-11-21T00:00:00.000Z");
  });
});

describe("a proxy", () => {
  /** Tunnels every CONNECT to `target`, as a forward proxy would. */
  async function startProxy(target: number) {
    const seen: { host: string; authorization: string | undefined }[] = [];
    const server = createServer();
    server.on("connect", (request, client) => {
      seen.push({ host: request.url ?? "", authorization: request.headers["proxy-authorization"] });
      const upstream = connect(target, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on("error", () => client.destroy());
      client.on("error", () => upstream.destroy());
    });
    return { port: await listen(server), seen };
  }

  test("of the credential carries the call, with its user and password", async () => {
    const target = await serve((_, response) => response.end("through"));
    const { port, seen } = await startProxy(target);
    const proxy = {
      type: "url",
      url: `http://127.0.0.1:${port}`,
      username: "user",
      password: new Secret("pass"),
    } as const;
    const { body } = await get(
      443,
      { source: { ...plainSource, proxy } },
      { hostname: "monitoring.us-east-1.amazonaws.com" },
    );
    assert.equal(body, "through");
    assert.deepEqual(seen, [
      {
        host: "monitoring.us-east-1.amazonaws.com:443",
        authorization: `Basic ${Buffer.from("user:pass").toString("base64")}`,
      },
    ]);
  });

  test("of the environment is used unless NO_PROXY names the host", async () => {
    const target = await serve((_, response) => response.end("ok"));
    const { port, seen } = await startProxy(target);
    const source = { ...plainSource, proxy: { type: "environment" } } as const;
    const environment = { HTTP_PROXY: `http://127.0.0.1:${port}` };
    await get(80, { source, environment }, { hostname: "sts.amazonaws.com" });
    assert.equal(seen.length, 1);
    await get(target, { source, environment: { ...environment, NO_PROXY: "127.0.0.1" } });
    assert.equal(seen.length, 1);
  });

  test("on a private address is refused unless the operator allows it", async () => {
    const { port, seen } = await startProxy(9);
    const source = { ...plainSource, proxy: { type: "url", url: `http://127.0.0.1:${port}` } } as const;
    await assert.rejects(
      get(
        443,
        { source, policy: { allowPrivate: false, allowedHosts: [] } },
        { hostname: "sts.amazonaws.com" },
      ),
      { code: "ENDPOINT_NOT_ALLOWED" },
    );
    assert.equal(seen.length, 0);
  });
});

const openssl = canRun("openssl");

describe("a certificate", { skip: openssl ? false : "openssl is not installed" }, () => {
  test("of nobody we know is refused, and accepted with the credential's CA bundle", async () => {
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const files = ["-keyout", key, "-out", certificate];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        ...subject,
        ...files,
      ],
      { stdio: "ignore" },
    );
    const pem = readFileSync(certificate, "utf8");
    const server = createTlsServer({ key: readFileSync(key), cert: pem }, (_, response) =>
      response.end("ok"),
    );
    const port = await listen(server as unknown as Server);
    const target = { protocol: "https:", hostname: "localhost" };
    await assert.rejects(get(port, {}, target), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    assert.equal((await get(port, { source: { ...plainSource, caBundle: pem } }, target)).body, "ok");
  });
});

function canRun(program: string): boolean {
  try {
    execFileSync(program, ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
