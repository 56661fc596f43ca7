import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { CliError, exitCodes } from "./cli-error.ts";
import { resolveConnection } from "./connection.ts";
import { createFakeTerminal } from "./testing/fake-terminal.ts";

const directory = mkdtempSync(join(tmpdir(), "nepho-cli-"));
after(() => rmSync(directory, { recursive: true }));
writeFileSync(join(directory, "first-run.json"), JSON.stringify({ restToken: "first-run-token" }));
writeFileSync(join(directory, "token"), "file-token\n");
const firstRun = { NEPHO_DATA_DIR: directory };

function resolve(options: { url?: string; tokenFile?: string }, environment: Record<string, string>) {
  const terminal = createFakeTerminal({}, { environment });
  const connection = resolveConnection(options, terminal);
  return { url: connection.url, token: connection.token.reveal(), errors: terminal.errors() };
}

test("flags come before the environment, the environment before the first-run file", () => {
  assert.equal(
    resolve({ tokenFile: join(directory, "token") }, { NEPHO_TOKEN: "e", ...firstRun }).token,
    "file-token",
  );
  assert.equal(resolve({}, { NEPHO_TOKEN: "environment-token", ...firstRun }).token, "environment-token");
  assert.equal(resolve({}, { NEPHO_TOKEN_FILE: join(directory, "token"), ...firstRun }).token, "file-token");
  assert.deepEqual(resolve({}, firstRun), {
    url: "http://127.0.0.1:8080",
    token: "first-run-token",
    errors: "",
  });
  assert.equal(
    resolve({ url: "https://a.example/" }, { NEPHO_URL: "https://b.example", NEPHO_TOKEN: "t" }).url,
    "https://a.example",
  );
});

// The first token is an administrator's: whoever gets it owns the server.
test("the token of the local server is never sent to another machine", () => {
  assert.throws(
    () => resolve({ url: "https://elsewhere.example" }, firstRun),
    (error) => error instanceof CliError && error.exitCode === exitCodes.notAuthorised,
  );
  assert.throws(() => resolve({ url: "https://127.0.0.1.elsewhere.example" }, firstRun), CliError);
});

test("an unencrypted connection to another machine is warned about", () => {
  assert.match(resolve({ url: "http://elsewhere.example" }, { NEPHO_TOKEN: "t" }).errors, /unencrypted/);
});

test("what is no http address, or carries a password, is refused", () => {
  for (const url of ["ftp://a", "nonsense", "http://user:password@a"]) {
    assert.throws(() => resolve({ url }, { NEPHO_TOKEN: "t" }), CliError, url);
  }
});
