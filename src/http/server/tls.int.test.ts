import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { Agent, request } from "node:https";
import { connect as connectPlain } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { Registry } from "prom-client";
import { createSettableClock, type SettableClock } from "../../../test/support/settable-clock.ts";
import { createLog, systemClock, systemRandom } from "../../base/index.ts";
import { createConsoleListener, createEndpointListener, type Listener } from "../index.ts";
import { accessKey, createFakeEndpointServices } from "../testing/endpoint.ts";
import { createFakeServices, password } from "../testing/fake-services.ts";

const fixture = (name: string) => new URL(`./fixtures/tls-${name}.pem`, import.meta.url);

describe("TLS", () => {
  let folder: string;
  let files: { certFile: string; keyFile: string };
  let listener: Listener;
  let clock: SettableClock;
  let logLines: string[];
  let ca: Buffer;

  const fake = createFakeEndpointServices(() => Date.now());
  const install = async (cert: string, key = cert) => {
    await copyFile(fixture(`${cert}.cert`), files.certFile);
    await copyFile(fixture(`${key}.key`), files.keyFile);
  };
  const open = (tlsFiles = files) =>
    createEndpointListener({
      listen: { host: "127.0.0.1", port: 0 },
      tlsFiles,
      log: createLog({ level: "info", write: (line) => logLines.push(line) }),
      clock,
      // The clock stands still.
      limits: { lastRequestsMs: 0 },
      random: systemRandom,
      registry: new Registry(),
      stores: {},
      services: fake.services,
    });
  const port = () => listener.address()?.port ?? 0;
  const handshake = async (options: ConnectionOptions = {}): Promise<TLSSocket> => {
    const socket = connect({ host: "127.0.0.1", port: port(), ca, ...options });
    await once(socket, "secureConnect");
    return socket;
  };
  const nameServed = async () => {
    const socket = await handshake({ rejectUnauthorized: false });
    const name = socket.getPeerCertificate().subject.CN;
    socket.destroy();
    return name;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "nephoscope-tls-"));
    files = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
    ca = Buffer.concat([await readFile(fixture("first.cert")), await readFile(fixture("second.cert"))]);
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    logLines = [];
    clock = createSettableClock(systemClock.now());
    await install("first");
    listener = await open();
    await listener.listen();
  });
  afterEach(() => listener.close());

  const get = (agent?: Agent) =>
    new Promise<{ status: number | undefined; hsts: unknown }>((resolve, reject) => {
      request(
        { host: "127.0.0.1", port: port(), path: "/healthz", ca, ...(agent && { agent }) },
        (response) => {
          response.resume().on("end", () =>
            resolve({
              status: response.statusCode,
              hsts: response.headers["strict-transport-security"],
            }),
          );
        },
      )
        .on("error", reject)
        .end();
    });

  test("is what the listener's URL says, and browsers are told to stay with it", async () => {
    assert.deepEqual(await get(), { status: 200, hsts: "max-age=31536000" });
  });

  test("is spoken from version 1.2 on, with forward secrecy and authenticated encryption only", async () => {
    for (const [version, cipher] of [
      ["TLSv1.3", "TLS_AES_256_GCM_SHA384"],
      ["TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"],
    ] as const) {
      const socket = await handshake({ minVersion: version, maxVersion: version });
      assert.equal(socket.getCipher().name, cipher);
      socket.destroy();
    }
    const insecure = { ciphers: "DEFAULT:@SECLEVEL=0" };
    await assert.rejects(handshake({ ...insecure, minVersion: "TLSv1", maxVersion: "TLSv1.1" }));
    await assert.rejects(handshake({ maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA" }));
  });

  test("is told to policies and to the audit trail", async () => {
    const client = new IAMClient({
      region: "us-east-1",
      endpoint: `https://127.0.0.1:${port()}`,
      credentials: accessKey,
      requestHandler: { httpsAgent: new Agent({ ca }) },
    });
    await client.send(new GetUserCommand({}));
    client.destroy();
    assert.deepEqual(fake.trail.at(-1)?.event.tlsDetails, {
      tlsVersion: "TLSv1.3",
      cipherSuite: "TLS_AES_256_GCM_SHA384",
      clientProvidedHostHeader: `127.0.0.1:${port()}`,
    });
    assert.equal(fake.facts.at(-1)?.secure, true);
  });

  test("plain HTTP at its port gets no answer, and disturbs nobody", async () => {
    await assert.rejects(
      new Promise((resolve, reject) => {
        httpRequest({ host: "127.0.0.1", port: port(), path: "/healthz" }, resolve).on("error", reject).end();
      }),
    );
    const socket = connectPlain(port(), "127.0.0.1");
    socket.on("error", () => {});
    socket.write("neither TLS nor HTTP\r\n");
    await once(socket, "close");
    assert.equal((await get()).status, 200);
  });

  describe("a new certificate", () => {
    test("is served to new connections when the files change, while old ones live on", async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1, ca });
      await get(agent);
      assert.equal(await nameServed(), "first.test");
      await install("second");
      clock.advance(10_000);
      const replaced = () => logLines.some((line) => line.includes("The TLS certificate was replaced."));
      for (let i = 0; i < 200 && !replaced(); i++) await systemClock.sleep(10);
      assert.equal(await nameServed(), "second.test");
      assert.equal((await get(agent)).status, 200);
      const [socket] = Object.values(agent.freeSockets).flat();
      assert.equal((socket as TLSSocket).getPeerCertificate().subject.CN, "first.test");
      agent.destroy();
    });

    test("is served at once when asked for", async () => {
      await install("second");
      await listener.reloadTls();
      assert.equal(await nameServed(), "second.test");
    });

    for (const [name, damage] of [
      ["with the key of another", () => install("second", "first")],
      ["that is none", () => writeFile(files.certFile, "-----BEGIN CERTIFICATE-----\n")],
      ["without a key", () => rm(files.keyFile)],
    ] as const) {
      test(`${name} is logged, and the one before stays`, async () => {
        await damage();
        await listener.reloadTls();
        assert.equal(await nameServed(), "first.test");
        assert.ok(logLines.some((line) => line.includes("cannot be replaced")));
      });
    }

    test("loses no request while it is replaced under load", async () => {
      let failed = 0;
      let answered = 0;
      let running = true;
      const worker = async () => {
        while (running) {
          await get(new Agent({ ca })).then(
            () => answered++,
            () => failed++,
          );
        }
      };
      const workers = [worker(), worker(), worker(), worker()];
      for (let i = 0; i < 20; i++) {
        await install(i % 2 === 0 ? "second" : "first");
        await listener.reloadTls();
        await systemClock.sleep(5);
      }
      running = false;
      await Promise.all(workers);
      assert.equal(failed, 0);
      assert.ok(answered > 20, String(answered));
    });
  });

  describe("at the start, a pair that cannot be used stops it with a text that names the files", () => {
    const cases: [string, () => Promise<void>, RegExp][] = [
      [
        "keys of two",
        () => install("first", "second"),
        /cert\.pem and the key .*key\.pem cannot be used together/,
      ],
      ["no certificate", () => writeFile(files.certFile, "hello"), /cannot be used together/],
      ["no file", () => rm(files.certFile), /cert\.pem cannot be read: ENOENT/],
    ];
    for (const [name, damage, message] of cases) {
      test(name, async () => {
        await damage();
        await assert.rejects(open(), { code: "configuration_invalid", message });
      });
    }
  });

  test("the console's cookie is bound to the host then", async () => {
    const console_ = await createConsoleListener({
      listen: { host: "127.0.0.1", port: 0 },
      tlsFiles: files,
      log: createLog({ level: "silent" }),
      clock: systemClock,
      random: systemRandom,
      registry: new Registry(),
      services: createFakeServices().services,
      stores: {},
      version: "0.0.0",
      uiDirectory: "/nonexistent",
    });
    try {
      assert.match(await console_.listen(), /^https:/);
      const cookie = await new Promise((resolve, reject) => {
        const body = JSON.stringify({ user: "admin", password });
        request(
          {
            host: "127.0.0.1",
            port: console_.address()?.port,
            path: "/api/v1/session",
            method: "POST",
            headers: { "content-type": "application/json" },
            ca,
          },
          (response) => resolve(response.resume().headers["set-cookie"]),
        )
          .on("error", reject)
          .end(body);
      });
      assert.match(String(cookie), /^__Host-nepho_session=.*; Secure;/);
    } finally {
      await console_.close();
    }
  });
});
