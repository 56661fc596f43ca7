import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { eventually } from "../support/connected.ts";
import { spawnServer, startServer, type TestServer } from "../support/server.ts";

describe("starting and stopping", () => {
  let server: TestServer;
  let directory: string;
  before(async () => {
    server = await startServer();
    directory = server.directory;
  });
  after(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test("what the first start makes is readable by the owner only, and printed nowhere", async () => {
    for (const file of ["first-run.json", "master.key"]) {
      assert.equal((await stat(join(directory, file))).mode & 0o777, 0o600, file);
    }
    assert.equal((await stat(directory)).mode & 0o777, 0o700);
    for (const value of Object.values(server.firstRun)) {
      if (value !== "admin") assert.equal(server.output().includes(value), false);
    }
  });

  test("the password of the first start signs in, a wrong one does not", async () => {
    const signIn = (password: string) =>
      fetch(new URL("/api/v1/session", server.consoleUrl), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ user: server.firstRun.adminUser, password }),
      });
    const good = await signIn(server.firstRun.adminPassword);
    assert.equal(good.status, 200);
    assert.match(good.headers.get("set-cookie") ?? "", /HttpOnly.*SameSite=Strict|SameSite=Strict.*HttpOnly/);
    assert.equal((await signIn("wrong")).status, 401);
  });

  test("SIGUSR1 opens no debugger", async () => {
    server.process.kill("SIGUSR1");
    await eventually("the signal to be noted", 10_000, async () =>
      server.output().includes("SIGUSR1 was ignored") ? true : undefined,
    );
    assert.equal(server.output().includes("Debugger listening"), false);
  });

  test("a second process on the same folder says who holds it, and ends", async () => {
    const { code, output } = await outcomeOf(spawnServer(directory));
    assert.equal(code, 1);
    assert.match(output, new RegExp(String(server.process.pid)));
    assert.equal((await server.fetch("GET", "/readyz")).status, 200);
  });

  test("SIGTERM ends it with exit code 0, and the next start finds everything", async () => {
    const created = await server.api("POST", "/api/v1/credentials", {
      name: "kept",
      method: "default",
      region: "us-east-1",
    });
    assert.equal(await server.end("SIGTERM"), 0);
    server = await startServer({ directory });
    assert.equal((await server.api("GET", `/api/v1/credentials/${created.id}`)).name, "kept");
  });

  test("a wrong or a missing master key stops the start, names the key that is needed and changes nothing", async () => {
    await server.end("SIGTERM");
    const key = await readFile(join(directory, "master.key"), "utf8");
    const wrong = await outcomeOf(
      spawnServer(directory, {
        environment: { NEPHO_MASTER_KEY: Buffer.alloc(32, "wrong key ").toString("base64") },
      }),
    );
    assert.equal(wrong.code, 1);
    const keyId = /\b[0-9a-f]{16}\b/.exec(wrong.output)?.[0];
    assert.ok(keyId, wrong.output);
    await rm(join(directory, "master.key"));
    const missing = await outcomeOf(spawnServer(directory));
    assert.equal(missing.code, 1);
    assert.match(missing.output, new RegExp(keyId));
    await assert.rejects(stat(join(directory, "master.key")), "a key made in vain must not stay");
    await writeFile(join(directory, "master.key"), key, { mode: 0o600 });
    server = await startServer({ directory });
  });

  test("every wrong setting is reported at once, and nothing is made", async () => {
    const empty = await mkdtemp(join(tmpdir(), "nepho-test-"));
    const { code, output } = await outcomeOf(
      spawnServer(join(empty, "data"), {
        environment: { NEPHO_LOG_LEVEL: "loud", NEPHO_ACCOUNT_ID: "1", NEPHO_TYPO: "x" },
      }),
    );
    assert.equal(code, 78);
    for (const variable of ["NEPHO_LOG_LEVEL", "NEPHO_ACCOUNT_ID", "NEPHO_TYPO"])
      assert.ok(output.includes(variable), output);
    await assert.rejects(stat(join(empty, "data")));
    await rm(empty, { recursive: true });
  });

  test("a worker on embedded stores is refused with what to set", async () => {
    const { code, output } = await outcomeOf(spawnServer(join(directory, "worker"), { role: "worker" }));
    assert.equal(code, 1);
    assert.match(output, /NEPHO_DATABASE_URL/);
  });

  test("a declaration is imported at the start, secrets by reference, and the result is read-only", async () => {
    await server.end("SIGTERM");
    const file = join(directory, "credentials.json");
    const declared = {
      name: "declared",
      method: "keys",
      region: "eu-central-1",
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "env:DECLARED_SECRET",
      readOnly: true,
    };
    await writeFile(file, JSON.stringify({ credentials: [declared] }));
    server = await startServer({
      directory,
      environment: { NEPHO_IMPORT_FILE: file, DECLARED_SECRET: "secret-of-the-declaration" },
    });
    const { items } = await server.api("GET", "/api/v1/credentials?text=declared");
    assert.equal(items[0].readOnly, true);
    assert.equal(items[0].hasSecretAccessKey, true);
    const edit = await server.fetch("PUT", `/api/v1/credentials/${items[0].id}`, {
      version: items[0].version,
      description: "x",
    });
    assert.equal(edit.status, 409);
    assert.equal(server.output().includes("secret-of-the-declaration"), false);
  });
});

async function outcomeOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}
