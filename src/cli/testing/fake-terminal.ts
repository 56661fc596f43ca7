import { systemRandom } from "../../base/index.ts";
import type { Terminal } from "../terminal.ts";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
}

export interface FakeTerminal extends Terminal {
  readonly output: () => string;
  readonly errors: () => string;
  readonly requests: SeenRequest[];
}

/** Answers by `METHOD /path`; a function is called each time, a Response is sent as it is. */
export type Answers = Readonly<Record<string, unknown>>;

/** A terminal that remembers, with a server made of canned answers behind it. */
export function createFakeTerminal(answers: Answers = {}, overrides: Partial<Terminal> = {}): FakeTerminal {
  let output = "";
  let errors = "";
  const requests: SeenRequest[] = [];
  return {
    version: "1.2.3",
    environment: { NEPHO_TOKEN: "token-of-the-test" },
    clock: { now: () => Date.parse("2026-11-21T12:00:00Z"), monotonic: () => 0, sleep: async () => {} },
    random: systemRandom,
    interactive: false,
    colour: false,
    columns: 100,
    rows: 30,
    write: (text) => {
      output += text;
    },
    writeError: (text) => {
      errors += text;
    },
    readInput: async () => "from standard input\n",
    readLines: async function* () {
      yield ["from standard input"];
    },
    catchInterrupts: () => new AbortController().signal,
    askSecret: undefined,
    runServer: async () => 0,
    fetch: async (url, init) => {
      const { pathname, search } = new URL(url);
      const headers = init.headers as Record<string, string>;
      const method = init.method ?? "GET";
      const body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
      requests.push({
        method,
        path: pathname + search,
        body,
        authorization: headers.authorization,
        idempotencyKey: headers["idempotency-key"],
      });
      return answer(answers[`${method} ${pathname}`]);
    },
    ...overrides,
    output: () => output,
    errors: () => errors,
    requests,
  };
}

export function errorResponse(
  status: number,
  code: string,
  message: string,
  fields: unknown[] = [],
): () => Response {
  return () => Response.json({ error: { code, message, fields, requestId: "req-1" } }, { status });
}

function answer(canned: unknown): Response {
  if (canned === undefined) return errorResponse(404, "route_not_found", "No such path.")();
  const value = typeof canned === "function" ? (canned as () => unknown)() : canned;
  return value instanceof Response ? value : Response.json(value);
}
