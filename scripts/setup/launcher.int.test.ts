/**
 * The launcher in a small checkout of its own: a package without dependencies, and an `npm` on the PATH that notes its calls and
 * puts this Node where the package `node` would. Nothing is downloaded.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const scripts = fileURLToPath(new URL("../", import.meta.url));
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const npm = `#!/bin/sh
echo "$@" >> npm-calls
sleep 0.3
rm -rf node_modules && mkdir -p node_modules/node/bin
ln -s ${process.execPath} node_modules/node/bin/node
cp package-lock.json node_modules/.package-lock.json
`;

/** Prints what the tests look at: which Node, which arguments. `wait` stays until it is told to end. */
const program = `
const [, word, code] = process.argv.slice(2);
if (word === "wait") { process.on("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1000); }
console.log(JSON.stringify({ node: process.execPath, arguments: process.argv.slice(2) }));
if (word === "exit") process.exit(Number(code));
`;

function createCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), "nepho-launcher-"));
  folders.push(folder);
  mkdirSync(join(folder, "scripts"));
  mkdirSync(join(folder, "src"));
  mkdirSync(join(folder, "bin"));
  cpSync(join(scripts, "run.mjs"), join(folder, "scripts/run.mjs"));
  cpSync(join(scripts, "setup"), join(folder, "scripts/setup"), { recursive: true });
  writeFileSync(join(folder, "bin/npm"), npm);
  chmodSync(join(folder, "bin/npm"), 0o755);
  writeFileSync(join(folder, "scripts/check.ts"), program);
  writeLockfile(folder, "1.0.0");
  return folder;
}

function writeLockfile(folder: string, version: string, hashed = true): void {
  const integrity = hashed ? { integrity: `sha512-${version}` } : {};
  const packages = { "": {}, "node_modules/node": { version, ...integrity } };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
}

function start(folder: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, ["scripts/run.mjs", "check", ...args], {
    cwd: folder,
    env: { PATH: `${folder}/bin:${dirname(process.execPath)}:/usr/bin:/bin` },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function finish(child: ChildProcess): Promise<{ code: number | null; output: string; errors: string }> {
  const { stdout, stderr } = child;
  assert.ok(stdout && stderr);
  const [output, errors] = await Promise.all([
    text(stdout),
    text(stderr),
    child.exitCode ?? once(child, "exit"),
  ]);
  return { code: child.exitCode, output, errors };
}

function npmCalls(folder: string): number {
  const file = join(folder, "npm-calls");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
}

test("starts at the same time install once, and each runs its program on the installed Node", async () => {
  const folder = createCheckout();
  const starts = await Promise.all([1, 2, 3].map((n) => finish(start(folder, `start-${n}`))));
  assert.equal(npmCalls(folder), 1);
  for (const [index, { code, output }] of starts.entries()) {
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(output).arguments, [`start-${index + 1}`]);
  }
});

test("a later start installs nothing, also when somebody installed by hand", async () => {
  const folder = createCheckout();
  await finish(start(folder));
  rmSync(join(folder, "node_modules/.nephoscope-lock-hash"));
  const { errors } = await finish(start(folder));
  assert.equal(errors, "");
  assert.equal(npmCalls(folder), 1);
});

test("a changed lockfile is installed, and an install that was cut off is repeated", async () => {
  const folder = createCheckout();
  await finish(start(folder));
  writeLockfile(folder, "2.0.0");
  await finish(start(folder));
  assert.equal(npmCalls(folder), 2);
  rmSync(join(folder, "node_modules/.nephoscope-lock-hash"));
  rmSync(join(folder, "node_modules/.package-lock.json"));
  await finish(start(folder));
  assert.equal(npmCalls(folder), 3);
});

test("the exit code of the program is the launcher's, and SIGTERM reaches the program", async () => {
  const folder = createCheckout();
  assert.equal((await finish(start(folder, "-", "exit", "5"))).code, 5);
  const waiting = start(folder, "-", "wait");
  assert.ok(waiting.stdout);
  await once(waiting.stdout, "data");
  waiting.kill("SIGTERM");
  assert.equal((await finish(waiting)).code, 7);
});

// npm hands a signal to the shell it starts. A shell in between would die of it and leave a server behind that holds the data.
test("a signal to the shell that npm starts reaches the program", async () => {
  const folder = createCheckout();
  const { scripts: commands } = JSON.parse(readFileSync(join(scripts, "../package.json"), "utf8"));
  for (const name of ["start", "demo", "test", "check", "bench", "screenshots", "generate"])
    assert.match(commands[name], /^exec node scripts\/run\.mjs /, name);
  const shell = spawn("/bin/sh", ["-c", `${commands.check} - wait`], {
    cwd: folder,
    env: { PATH: `${folder}/bin:${dirname(process.execPath)}:/usr/bin:/bin` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  assert.ok(shell.stdout);
  await once(shell.stdout, "data");
  shell.kill("SIGTERM");
  assert.equal((await finish(shell)).code, 7);
});

test("a package that the lockfile names without a hash counts as installed", async () => {
  const folder = createCheckout();
  writeLockfile(folder, "1.0.0", false);
  await finish(start(folder));
  writeLockfile(folder, "1.0.0");
  cpSync(join(folder, "package-lock.json"), join(folder, "node_modules/.package-lock.json"));
  writeLockfile(folder, "1.0.0", false);
  rmSync(join(folder, "node_modules/.nephoscope-lock-hash"));
  await finish(start(folder));
  assert.equal(npmCalls(folder), 1);
});

// `npm ci` deletes node_modules: a server that runs from there would fail at its next import.
test("node_modules is not replaced while a program runs from it", async () => {
  const folder = createCheckout();
  const waiting = start(folder, "-", "wait");
  assert.ok(waiting.stdout);
  await once(waiting.stdout, "data");
  writeLockfile(folder, "2.0.0");
  const refused = await finish(start(folder));
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /scripts\/check\.ts \(process \d+\)/);
  waiting.kill("SIGTERM");
  await finish(waiting);
  assert.equal((await finish(start(folder))).code, 0);
  assert.equal(npmCalls(folder), 2);
});

test("a lock whose owner died does not stop a start", async () => {
  const folder = createCheckout();
  const dead = spawn(process.execPath, ["-e", ""]);
  await once(dead, "exit");
  mkdirSync(join(folder, ".setup"));
  writeFileSync(join(folder, ".setup/lock"), String(dead.pid));
  assert.equal((await finish(start(folder))).code, 0);
});

test("a Node that did not come is explained", async () => {
  const folder = createCheckout();
  writeFileSync(join(folder, "bin/npm"), npm.replace(/^ln .*$/m, ""));
  const { code, errors } = await finish(start(folder));
  assert.equal(code, 1);
  assert.match(errors, /npm package "node" did not bring its program[\s\S]*npm rebuild node/);
});
