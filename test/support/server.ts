import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * Starts the built server as a child process on free ports, with its data in a temporary folder, and talks to it over
 * the wire only.
 */
export interface TestServer {
  readonly consoleUrl: string;
  readonly endpointUrl: string;
  readonly directory: string;
  readonly firstRun: FirstRun;
  readonly process: ChildProcess;
  /** All that the server wrote to standard output and standard error. */
  output(): string;
  /** A REST call with the first-run token; throws on a status that is not 2xx. */
  api<T = any>(method: string, path: string, body?: unknown): Promise<T>;
  /** The same without judging the status. */
  fetch(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Ends the process with `signal` and waits; the data stays. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  /** Ends the process and removes the data unless it was handed in. */
  stop(): Promise<void>;
}

export interface FirstRun {
  adminUser: string;
  adminPassword: string;
  restToken: string;
  rootAccessKeyId: string;
  rootSecretAccessKey: string;
}

export interface TestServerOptions {
  readonly directory?: string;
  readonly environment?: Record<string, string>;
  readonly role?: "serve" | "worker";
}

const root = new URL("../../", import.meta.url).pathname;

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "nepho-test-")));
  const child = spawnServer(directory, options);
  const lines: string[] = [];
  const ready = await waitForReady(child, lines);
  const firstRun = JSON.parse(await readFile(join(directory, "first-run.json"), "utf8")) as FirstRun;
  const call: TestServer["fetch"] = (method, path, body, headers = {}) =>
    fetch(new URL(path, ready.consoleUrl), {
      method,
      redirect: "manual",
      headers: {
        authorization: `Bearer ${firstRun.restToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const end = (signal?: NodeJS.Signals) => endProcess(child, signal);
  return {
    ...ready,
    directory,
    firstRun,
    process: child,
    output: () => lines.join("\n"),
    fetch: call,
    api: async (method, path, body) => {
      const response = await call(method, path, body);
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
    end,
    stop: async () => {
      await end();
      if (!options.directory) await rm(directory, { recursive: true, force: true });
    },
  };
}

export interface Worker {
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a process that only runs integrations, on the stores that `environment` names. */
export async function spawnWorker(options: TestServerOptions & { directory: string }): Promise<Worker> {
  const child = spawnServer(options.directory, { ...options, role: "worker" });
  await waitForReady(child, []);
  return { end: (signal) => endProcess(child, signal) };
}

/** Spawns the server without waiting for it, for tests of starts that must fail. */
export function spawnServer(directory: string, options: TestServerOptions = {}): ChildProcess {
  return spawn(process.execPath, ["src/main.ts", options.role ?? "serve"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      // As the launcher starts it.
      UV_THREADPOOL_SIZE: "12",
      ...withoutNepho(process.env),
      NEPHO_DATA_DIR: directory,
      NEPHO_CONSOLE_LISTEN: "127.0.0.1:0",
      NEPHO_ENDPOINT_LISTEN: "127.0.0.1:0",
      ...options.environment,
    },
  });
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    await exited;
  }
  return child.exitCode;
}

function withoutNepho(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("NEPHO_")));
}

/** Resolves with what the log line "ready" says; rejects with all output when the process ends before. */
function waitForReady(
  child: ChildProcess,
  lines: string[],
): Promise<{ consoleUrl: string; endpointUrl: string }> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (!line.includes('"msg":"ready"')) return;
        const { consoleUrl, endpointUrl } = JSON.parse(line);
        resolve({ consoleUrl, endpointUrl });
      });
    }
    child.once("exit", (code, signal) =>
      reject(new Error(`The server ended (${code ?? signal}):\n${lines.join("\n")}`)),
    );
  });
}
