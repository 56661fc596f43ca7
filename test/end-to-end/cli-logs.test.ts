import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram } from "../support/aws-cli.ts";
import { sendWithCurl } from "../support/log-sending.ts";
import { startServer, type TestServer } from "../support/server.ts";

const group = "/shop/web";
const program = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** The commands of the README's "Send logs", and what else somebody at a shell does with a log group. */
describe("logs on the command line", () => {
  let server: TestServer;
  let directory = "";
  let key = "";

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-cli-"));
    server = await startServer({ directory });
  });
  after(async () => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const environment = () => ({
    PATH: process.env.PATH,
    NEPHO_URL: server.consoleUrl,
    NEPHO_DATA_DIR: directory,
  });
  const nepho = async (args: string[], input = "") => {
    const { stdout, stderr, code } = await runProgram(
      process.execPath,
      [program, ...args],
      environment(),
      input,
    );
    return { output: stdout, errors: stderr, code };
  };
  const messages = async (...args: string[]) => {
    const { output, errors, code } = await nepho([
      "logs",
      "query",
      group,
      ...args,
      "--order",
      "asc",
      "--raw",
    ]);
    assert.equal(code, 0, errors);
    return output.split("\n").slice(0, -1);
  };

  test("a group that takes keys, and a key whose value alone goes to standard output", async () => {
    const flags = ["--retention", "30", "--allow-keys", "--stream", "web-1"];
    assert.equal((await nepho(["logs", "create-group", group, ...flags])).code, 0);
    assert.match((await nepho(["logs", "groups"])).output, /\/shop\/web +30 days +on/);
    const created = await nepho(["key", "create", "shop-logs", "--days", "5"]);
    assert.match(created.output, /^ACWL\S+\n$/);
    key = created.output.trim();
    const listed = await nepho(["key", "list"]);
    assert.match(listed.output, /shop-logs +.* Active /);
    assert.match(listed.errors, /of shop-logs expires in 5 days/);
  });

  test("what a sender sent and what standard input held is found by patterns and streams", async () => {
    const query = new URLSearchParams({ logGroup: group, logStream: "web-1" });
    const body = '{"level":"error","n":12345678901234567890}';
    const answer = await sendWithCurl(server.endpointUrl, { path: `/ingest/bulk?${query}`, key, body });
    assert.deepEqual(answer, { status: 200, body: "{}" });
    const lines = Array.from({ length: 2500 }, (_, index) => `line ${index}`);
    const put = ["logs", "put", group, "batch"];
    assert.equal((await nepho(put, lines.join("\n"))).code, 4);
    const stored = await nepho([...put, "--create-missing"], lines.join("\n"));
    assert.deepEqual([stored.output, stored.code], ["Accepted 2500.\n", 0], stored.errors);
    assert.deepEqual(await messages('{ $.level = "error" }'), [body]);
    assert.deepEqual(await messages("--stream", "batch", "--limit", "5000"), lines);
    const tooOld = await nepho(["logs", "put", group, "batch", "old", "--time", "-20d"]);
    assert.deepEqual([tooOld.output, tooOld.code], ["Accepted 0. Rejected 1: older than 14 days.\n", 1]);
    const histogram = await nepho(["logs", "query", group, "line", "--histogram", "--json"]);
    assert.equal(JSON.parse(histogram.output).total, 2500);
  });

  test("a tail shows what comes in while it runs, and goes on after the server was away", async (context) => {
    const tail = spawn(process.execPath, [program, "logs", "tail", group, "marker", "--raw"], {
      env: environment(),
    });
    context.after(() => tail.kill("SIGKILL"));
    const shown = createInterface({ input: tail.stdout })[Symbol.asyncIterator]();
    const notes = createInterface({ input: tail.stderr })[Symbol.asyncIterator]();
    const exited = once(tail, "exit");
    await nepho(["logs", "put", group, "web-1", "marker one"]);
    assert.equal((await shown.next()).value, "marker one");
    await server.end();
    assert.match(String((await notes.next()).value), /does not answer/);
    const { port: consolePort } = new URL(server.consoleUrl);
    server = await startServer({
      directory,
      environment: { NEPHO_CONSOLE_LISTEN: `127.0.0.1:${consolePort}` },
    });
    await nepho(["logs", "put", group, "web-1", "marker two"]);
    assert.equal((await shown.next()).value, "marker two");
    assert.match(String((await notes.next()).value), /is back/);
    tail.kill("SIGINT");
    assert.deepEqual(await exited, [0, null]);
  });

  test("a key that was deactivated is refused, and one that was reset works with its new value only", async () => {
    const [id = ""] = /ACCA\w+/.exec((await nepho(["key", "list"])).output) ?? [];
    const query = new URLSearchParams({ logGroup: group, logStream: "web-1" });
    const statusWith = async (value: string) =>
      (await sendWithCurl(server.endpointUrl, { path: `/ingest/bulk?${query}`, key: value, body: "{}" }))
        .status;
    assert.equal((await nepho(["key", "deactivate", id])).code, 0);
    assert.equal(await statusWith(key), 401);
    assert.equal((await nepho(["key", "activate", id])).code, 0);
    const reset = (await nepho(["key", "reset", id])).output.trim();
    assert.deepEqual([await statusWith(key), await statusWith(reset)], [401, 200]);
    assert.equal((await nepho(["key", "delete", id])).code, 0);
    assert.equal(await statusWith(reset), 401);
  });
});
