import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type FrontProcess, startFrontProcess } from "../support/clickhouse-front-process.ts";
import { eventually } from "../support/connected.ts";
import { createScratchDatabase, skipWithoutServer } from "../support/databases.ts";
import { type LogFormat, logFormats } from "../support/log-formats.ts";
import { createLogTarget, type LogTarget, storedMessages, targetHeaders } from "../support/log-target.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { fill, mountSmallDisk } from "../support/small-disk.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

const [hlc] = logFormats as [LogFormat];

/** What a request with the event `text` was answered, once `Retry-After` and the absence of details were checked. */
async function send(
  server: TestServer,
  target: LogTarget,
  text: string,
  format: LogFormat = hlc,
): Promise<number> {
  const response = await fetch(`${server.endpointUrl}${format.path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${target.key}`,
      "content-type": format.contentType,
      "idempotency-key": text.slice(0, 40).replaceAll(" ", "-"),
      ...targetHeaders(target),
    },
    body: new Uint8Array(format.body(text)),
  });
  const body = Buffer.from(await response.arrayBuffer());
  if (response.status === 200) return 200;
  assert.ok(
    Number(response.headers.get("retry-after")) > 0,
    `not told when to come back: ${response.status} ${body}`,
  );
  const { name, message } = format.readError(body);
  assert.equal(name, format.otlp ? 14 : "ServiceUnavailableException");
  for (const detail of ["/tmp", "front-secret", "ECONN", "ENOSPC"])
    assert.equal(message.includes(detail), false, message);
  assert.doesNotMatch(message, /nothing was/, "an insert whose answer was lost may have been made");
  return response.status;
}

/** Texts of the stored events, whatever their format. */
async function storedTexts(server: TestServer, target: LogTarget): Promise<string[]> {
  const messages = await storedMessages(server, target.group);
  return messages.map((message) => {
    const { event, m, body } = JSON.parse(message);
    return event ?? m ?? body;
  });
}

describe("log events, while their store", { timeout: 240_000 }, () => {
  let front: FrontProcess;
  let server: TestServer;
  let target: LogTarget;
  const acknowledged: string[] = [];

  before(async () => {
    front = await startFrontProcess();
    server = await startServer({ environment: { NEPHO_CLICKHOUSE_URL: front.url } });
    target = await createLogTarget(server);
    assert.equal(await send(server, target, "before"), 200);
    acknowledged.push("before");
  });
  after(async () => {
    await server?.stop();
    await front?.dispose();
  });

  for (const [fault, meaning] of [
    ["reset", "breaks connections"],
    ["html", "is a proxy that apologises"],
    ["full-disk", "has no room"],
  ] as const)
    test(`${meaning}, are refused with 503 in every format, and sent again are stored once`, async () => {
      await front.fault(fault);
      for (const format of logFormats)
        assert.equal(await send(server, target, `${fault} ${format.name}`, format), 503);
      assert.equal((await fetch(new URL("/healthz", server.endpointUrl))).status, 200);
      await front.fault("none");
      for (const format of logFormats) {
        const text = `${fault} ${format.name}`;
        await eventually(`${text} to be taken`, 30_000, async () =>
          (await send(server, target, text, format)) === 200 ? true : undefined,
        );
        assert.equal(await send(server, target, text, format), 200, "a repetition");
        acknowledged.push(text);
      }
      assert.deepEqual((await storedTexts(server, target)).sort(), acknowledged.toSorted());
    });
});

const disk = await mountSmallDisk(192);

describe("log events, while the control plane", { skip: skipWithoutServer, timeout: 120_000 }, () => {
  let scratch: Awaited<ReturnType<typeof createScratchDatabase>>;
  let proxy: TcpProxy;
  let server: TestServer;
  let target: LogTarget;

  before(async () => {
    scratch = await createScratchDatabase();
    const { hostname: host, port } = new URL(scratch.url);
    proxy = await startTcpProxy({ host, port: Number(port) });
    const proxied = new URL(scratch.url);
    proxied.port = String(proxy.port);
    server = await startServer({ environment: { NEPHO_DATABASE_URL: proxied.href } });
    target = await createLogTarget(server);
    assert.equal(await send(server, target, "before"), 200);
  });
  after(async () => {
    await server?.stop();
    await proxy?.close();
    await scratch?.drop();
  });

  test("is away, are refused with 503, since nobody knows whether the key is still good, and taken afterwards", async () => {
    await proxy.cut();
    // The last answer of the database holds for a moment.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    for (const format of logFormats) assert.equal(await send(server, target, "away", format), 503);
    await proxy.mend();
    await eventually("an event to be taken", 30_000, async () =>
      (await send(server, target, "after")) === 200 ? true : undefined,
    );
    assert.deepEqual(await storedTexts(server, target), ["before", "after"]);
  });
});

describe("log events on a full disk", { skip: disk.missing, timeout: 240_000 }, () => {
  const { directory } = disk;
  const ballast = join(directory, "ballast");
  const acknowledged: string[] = [];
  let refused: string;
  let server: TestServer;
  let target: LogTarget;

  before(async () => {
    server = await startServer({ directory });
    target = await createLogTarget(server);
  });
  after(async () => {
    await server?.stop();
    await disk.remove();
  });

  test("are refused with 503, and those that were acknowledged are there", async () => {
    assert.equal(await send(server, target, "before"), 200);
    acknowledged.push("before");
    await fill(ballast);
    for (let i = 0; ; i++) {
      assert.ok(i < 2_000, "the disk is full and the server takes events all the same");
      const text = `${i} ${"x".repeat(20_000)}`;
      const status = await send(server, target, text);
      if (status !== 200) {
        assert.equal(status, 503);
        refused = text;
        break;
      }
      acknowledged.push(text);
    }
    assert.equal((await fetch(new URL("/healthz", server.endpointUrl))).status, 200);
  });

  test("are taken again once there is room, each once", async () => {
    await rm(ballast);
    await eventually("an event to be taken", 60_000, async () =>
      (await send(server, target, refused)) === 200 ? true : undefined,
    );
    acknowledged.push(refused);
    assert.deepEqual((await storedTexts(server, target)).sort(), acknowledged.toSorted());
  });

  test("are all there after a kill and a start", async () => {
    await server.end("SIGKILL");
    server = await startServer({ directory });
    assert.deepEqual((await storedTexts(server, target)).sort(), acknowledged.toSorted());
  });
});
