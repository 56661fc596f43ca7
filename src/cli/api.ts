import type { z } from "zod";
import { CliError, exitCodeOfStatus, exitCodes } from "./cli-error.ts";
import type { Connection } from "./connection.ts";
import type { Terminal } from "./terminal.ts";

type QueryValue = string | number | boolean | undefined;

export interface Request {
  /** A list is the parameter repeated. */
  readonly query?: Readonly<Record<string, QueryValue | readonly QueryValue[]>>;
  readonly body?: unknown;
  readonly accept?: string;
  /** Names the request, where the server knows repetitions by it. */
  readonly idempotencyKey?: string;
  /** Ends the call; it then fails as one that is not answered does. */
  readonly signal?: AbortSignal;
}

/** The server's REST API as the commands use it. Answers are checked against the contract. */
export interface Api {
  get<Schema extends z.ZodType>(path: string, schema: Schema, request?: Request): Promise<z.infer<Schema>>;
  post<Schema extends z.ZodType>(path: string, schema: Schema, request?: Request): Promise<z.infer<Schema>>;
  put<Schema extends z.ZodType>(path: string, schema: Schema, request?: Request): Promise<z.infer<Schema>>;
  /** For answers without a body, or whose body does not matter. */
  send(method: "POST" | "DELETE", path: string, request?: Request): Promise<void>;
  text(method: "GET" | "POST", path: string, request?: Request): Promise<string>;
}

/** A connection test tries many things, each with its own time limit; this ends a call that never answers. */
const timeoutMs = 180_000;

export function createApi(connect: () => Connection, terminal: Terminal): Api {
  const call = async (method: string, path: string, request: Request = {}): Promise<string> => {
    const connection = connect();
    const { url, init } = buildRequest(connection, method, path, request);
    const response = await reach(() => terminal.fetch(url, init), connection.url);
    const text = await reach(() => response.text(), connection.url);
    if (!response.ok) throw describeFailure(response, text, connection.tokenFrom);
    return text;
  };
  const callJson = async <Schema extends z.ZodType>(
    method: string,
    path: string,
    schema: Schema,
    request?: Request,
  ) => check(schema, parseJson(await call(method, path, request)), path);
  return {
    get: (path, schema, request) => callJson("GET", path, schema, request),
    post: (path, schema, request) => callJson("POST", path, schema, request),
    put: (path, schema, request) => callJson("PUT", path, schema, request),
    send: async (method, path, request) => {
      await call(method, path, request);
    },
    text: call,
  };
}

function buildRequest(connection: Connection, method: string, path: string, request: Request) {
  const url = new URL(connection.url + path);
  for (const [name, values] of Object.entries(request.query ?? {})) {
    for (const value of [values].flat())
      if (value !== undefined) url.searchParams.append(name, String(value));
  }
  const headers: Record<string, string> = {
    authorization: `Bearer ${connection.token.reveal()}`,
    accept: request.accept ?? "application/json",
  };
  if (request.body !== undefined) headers["content-type"] = "application/json";
  if (request.idempotencyKey !== undefined) headers["idempotency-key"] = request.idempotencyKey;
  const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
  const init: RequestInit = {
    method,
    headers,
    redirect: "error",
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(request.signal ? [request.signal] : [])]),
    ...body,
  };
  return { url: url.href, init };
}

async function reach<T>(attempt: () => Promise<T>, url: string): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const cause = (error as Error).cause;
    const reason = cause instanceof Error && cause.message !== "" ? cause.message : (error as Error).message;
    const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
    const hint = isDistrust(code)
      ? "Name the PEM file of the authority that vouches for it: NODE_EXTRA_CA_CERTS=/path/to/ca.pem."
      : "Is it running, and is it http or https as the address says? Start it with `nepho serve`, or name another with --url or NEPHO_URL.";
    throw new CliError(exitCodes.unreachable, `The server at ${url} does not answer: ${reason}`, [hint], {
      ...(code !== undefined && { networkCode: code }),
    });
  }
}

/** Whether a certificate is of an authority that this machine does not know. */
function isDistrust(code: string | undefined): boolean {
  return /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT\w*))$/.test(
    code ?? "",
  );
}

interface V1Error {
  code?: string;
  message?: string;
  fields?: { path: string; message: string }[];
  requestId?: string;
}

/** Reads both error forms of the server: `/api/v1` and the envelope of `/api/v2`. */
function describeFailure(response: Response, text: string, tokenFrom: string): CliError {
  const body = (parseJson(text) ?? {}) as { error?: V1Error; status?: { message?: string } };
  const error = body.error ?? {};
  const message =
    error.message ?? body.status?.message ?? `The server answered ${response.status} without an explanation.`;
  const requestId = error.requestId ?? response.headers.get("x-request-id");
  // A field whose text the message repeats says nothing more.
  const hints = (error.fields ?? [])
    .filter((field) => !message.includes(field.message))
    .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  if (response.status === 401)
    hints.push(
      `The token came from ${tokenFrom}. Name another with NEPHO_TOKEN or --token-file, or the server's data folder with NEPHO_DATA_DIR.`,
    );
  if (response.status >= 500 && requestId)
    hints.push(`Request id ${requestId} finds it in the server's log.`);
  return new CliError(exitCodeOfStatus(response.status), message, hints, {
    code: error.code ?? null,
    status: response.status,
    fields: error.fields ?? [],
    requestId,
    ...retryAfterOf(response),
  });
}

/** The form with a date is for caches; servers that are busy tell seconds. */
function retryAfterOf({ headers }: Response): { retryAfterSeconds?: number } {
  const text = headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(text) ? { retryAfterSeconds: Number(text) } : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, path: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new CliError(
    exitCodes.failed,
    `The answer of ${path} is not understood; is it a Nephoscope server of this version?`,
    [
      ...result.error.issues
        .slice(0, 3)
        .map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`),
    ],
  );
}
