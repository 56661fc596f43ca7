import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { filesWith, formsOf, partsOfKey } from "./leaks.ts";
import { type LogFormat, logFormats } from "./log-formats.ts";
import { createLogTarget, type LogTarget, storedMessages, targetHeaders } from "./log-target.ts";
import { startServer, type TestServer } from "./server.ts";

/** In the text of every event that must not be stored. */
export const refusedMark = "REFUSED";
export const mebibyte = 2 ** 20;

/** Status, AWS's name and the code of google.rpc.Status. */
export const kinds = {
  noCredentials: [401, "MissingAuthenticationTokenException", 16],
  malformedAuthorization: [401, "IncompleteSignatureException", 16],
  unusableKey: [401, "UnrecognizedClientException", 16],
  expiredKey: [401, "ExpiredTokenException", 16],
  forbidden: [403, "AccessDeniedException", 7],
  invalid: [400, "InvalidParameterException", 3],
  notFound: [404, "ResourceNotFoundException", 5],
  notPost: [405, "UnsupportedOperationException", 12],
} as const;
export type Kind = keyof typeof kinds;

export interface Request {
  readonly method?: string;
  readonly query?: string;
  /** Null takes a header away. */
  readonly headers?: Record<string, string | null>;
  readonly body?: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** A server that takes logs, with a group that nothing is to be stored in. It notes all keys and all answers. */
export interface LogEndpoint {
  readonly server: TestServer;
  readonly target: LogTarget;
  makeTarget(): Promise<LogTarget>;
  /** Notes a key that was made otherwise. */
  noteKey(key: string): void;
  /** Ends the server, does something to its data and starts it again. */
  restart(between: (directory: string) => Promise<void>): Promise<void>;
  /** To `target` by headers, unless the request says otherwise. */
  send(format: LogFormat, request?: Request, to?: LogTarget): Promise<Answer>;
  assertNothingStored(to?: LogTarget): Promise<void>;
  /** Good events are still taken, and no key is in an answer, the server's output or its data. */
  assertUnharmed(): Promise<void>;
}

/** Registers the hooks that start the server and stop it. */
export function useLogEndpoint(): LogEndpoint {
  let directory: string;
  let server: TestServer;
  let target: LogTarget;
  const keys: string[] = [];
  const answers: string[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-bad-"));
    server = await startServer({ directory });
    target = await makeTarget();
  });
  after(async () => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const makeTarget = async () => {
    const made = await createLogTarget(server);
    keys.push(made.key);
    return made;
  };

  const send: LogEndpoint["send"] = async (format, request = {}, to = target) => {
    const headers = {
      authorization: `Bearer ${to.key}`,
      "content-type": format.contentType,
      ...targetHeaders(to),
      ...request.headers,
    };
    const { method = "POST", query = "", body = format.body(refusedMark) } = request;
    const response = await fetch(`${server.endpointUrl}${format.path}${query}`, {
      method,
      headers: Object.entries(headers).filter((header): header is [string, string] => header[1] !== null),
      ...(method === "POST" ? { body: new Uint8Array(body) } : {}),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    answers.push(JSON.stringify([...response.headers]) + bytes.toString("latin1"));
    return { status: response.status, headers: response.headers, body: bytes };
  };

  const assertNothingStored = async (to = target) =>
    assert.deepEqual(await storedMessages(server, to.group), []);

  return {
    get server() {
      return server;
    },
    get target() {
      return target;
    },
    makeTarget,
    noteKey: (key) => keys.push(key),
    restart: async (between) => {
      await server.end();
      await between(directory);
      server = await startServer({ directory });
    },
    send,
    assertNothingStored,
    assertUnharmed: async () => {
      const own = await makeTarget();
      for (const format of logFormats)
        assertAccepted(format, await send(format, { body: format.body("kept") }, own));
      assert.equal((await storedMessages(server, own.group)).length, logFormats.length);
      await assertNothingStored();
      assert.equal(server.process.exitCode, null);
      assert.equal(/"level":"(error|fatal)"/.test(server.output()), false, server.output().slice(-2000));
      const forms = keys.flatMap(partsOfKey).flatMap(formsOf);
      const told = answers.join("\n") + server.output();
      assert.equal(
        forms.some((form) => told.includes(form)),
        false,
      );
      assert.deepEqual(await filesWith(directory, forms), []);
    },
  };
}

export function assertRefused(format: LogFormat, answer: Answer, kind: Kind): void {
  const [status, awsName, rpcCode] = kinds[kind];
  assert.equal(answer.status, status, `${format.name}: ${answer.body}`);
  const { name, message } = format.readError(answer.body);
  assert.equal(name, format.otlp ? rpcCode : awsName, format.name);
  assert.notEqual(message, "", "says what is wrong");
  const contentType = format.contentType.replace("x-ndjson", "json");
  assert.equal(answer.headers.get("content-type"), contentType);
  assert.match(answer.headers.get("x-amzn-requestid") ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(answer.headers.get("x-nephoscope-durability"), null);
}

export function assertAccepted(format: LogFormat, answer: Answer): void {
  assert.equal(answer.status, 200, `${format.name}: ${answer.body}`);
  assert.equal(answer.body.toString(), format.contentType === "application/x-protobuf" ? "" : "{}");
  assert.equal(answer.headers.get("x-nephoscope-durability"), "fsync");
}

/** The first bytes of a request, on a connection that is to be closed after it. */
export function headOf(
  server: TestServer,
  format: LogFormat,
  target: LogTarget,
  headers: Record<string, string>,
): string {
  const all = {
    host: new URL(server.endpointUrl).host,
    connection: "close",
    authorization: `Bearer ${target.key}`,
    "content-type": format.contentType,
    ...targetHeaders(target),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${format.path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}
