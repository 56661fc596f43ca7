import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json, text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("main.ts", import.meta.url));

/** What the fake terminal of the other tests stands for: real signals, a real standard input. */
describe("the program at a real terminal's end", () => {
  let server: Server;
  let handle: (request: IncomingMessage, response: ServerResponse) => void;

  before(async () => {
    server = createServer((request, response) => {
      response.setHeader("content-type", "application/json");
      handle(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const environment = () => ({
    NEPHO_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    NEPHO_TOKEN: "token-of-the-test",
  });
  const start = (...args: string[]): ChildProcessWithoutNullStreams =>
    spawn(process.execPath, [program, ...args], { env: environment() });
  const end = async (child: ChildProcessWithoutNullStreams) => {
    const [output, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    return { output, errors, code };
  };

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal} ends a tail with exit code 0, also while an answer is awaited`, async () => {
      const item = {
        id: "1",
        timestamp: "2026-11-21T11:59:00.000Z",
        timestampMs: Date.parse("2026-11-21T11:59:00Z"),
        ingestionTime: "2026-11-21T11:59:00.000Z",
        stream: "web-1",
        message: "hello",
      };
      const { promise: secondQuestion, resolve } = Promise.withResolvers<void>();
      handle = ({ url }, response) => {
        if (url?.includes("cursor=")) return resolve();
        response.end(JSON.stringify({ items: [item], cursor: "one" }));
      };
      const child = start("logs", "tail", "/shop/web");
      const ended = end(child);
      await secondQuestion;
      child.kill(signal);
      const { output, errors, code } = await ended;
      assert.deepEqual(
        { output, errors, code },
        { output: "2026-11-21T11:59:00.000Z web-1 hello\n", errors: "", code: 0 },
      );
    });
  }

  test("lines are sent while standard input stays open, and what was read before Ctrl-C is sent after it", async () => {
    const seen: string[] = [];
    const { promise: firstBatch, resolve } = Promise.withResolvers<void>();
    handle = async (request, response) => {
      const { events } = (await json(request)) as { events: { message: string }[] };
      seen.push(...events.map(({ message }) => message));
      const rejected = { tooOld: 0, tooNew: 0, expired: 0 };
      response.end(JSON.stringify({ accepted: events.length, rejected }));
      resolve();
    };
    const child = start("logs", "put", "/shop/web", "web-1");
    const ended = end(child);
    child.stdin.on("error", () => undefined);
    // In one piece, so that the end was read when the beginning arrives.
    child.stdin.write("one\ntwo\nthree without an end");
    await firstBatch;
    assert.deepEqual(seen, ["one", "two"]);
    // As behind a launcher: once from the terminal, once handed on.
    child.kill("SIGINT");
    child.kill("SIGINT");
    const { output, errors, code } = await ended;
    assert.deepEqual({ output, errors, code }, { output: "Accepted 3.\n", errors: "", code: 0 });
    assert.deepEqual(seen, ["one", "two", "three without an end"]);
  });

  test("output that cannot be written is a failure that says so", {
    skip: existsSync("/dev/full") ? false : "this system has no /dev/full",
  }, async () => {
    handle = (_request, response) => void response.end(JSON.stringify({ items: [], nextCursor: null }));
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [program, "logs", "query", "/g", "--json"], {
      env: environment(),
      stdio: ["ignore", full, "pipe"],
    });
    const [errors, [code]] = await Promise.all([text(child.stderr!), once(child, "exit")]);
    closeSync(full);
    assert.match(errors, /^Error: Standard output cannot be written: .*ENOSPC/);
    assert.equal(code, 1);
  });

  test("notes that nobody reads end nothing", async () => {
    handle = (_request, response) => {
      child.stderr.destroy();
      const secret = "ACWLvalue";
      const at = "2026-11-21T12:00:00Z";
      const key = { id: "ACCA1", userName: "shop", alias: "a", status: "Active", createdAt: at };
      response.end(JSON.stringify({ ...key, expiresAt: null, lastUsedAt: null, secret }));
    };
    const child = start("key", "create", "shop");
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
    assert.deepEqual([output, code], ["ACWLvalue\n", 0]);
  });

  test("a second Ctrl-C after a moment ends what the first could not", async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    // It never answers.
    handle = () => resolve();
    const child = start("logs", "put", "/shop/web", "web-1");
    child.stdin.end("one\n");
    await asked;
    const ended = once(child, "exit");
    child.kill("SIGINT");
    const impatience = setInterval(() => child.kill("SIGINT"), 200);
    const [, signal] = await ended;
    clearInterval(impatience);
    assert.equal(signal, "SIGINT");
  });
});
