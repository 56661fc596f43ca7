import type { ErrorCode, FieldProblem } from "@nephoscope/contract";
import { readEnvelopeMessage } from "./envelope-problems.ts";

/** What the server (or the way to it) had to say about a failed request. */
export class ApiError extends Error {
  readonly status: number;
  /** A code of the error table; `network` when no answer came, `unexpected` when it was not ours. */
  readonly code: ErrorCode | "network" | "unexpected";
  readonly fields: readonly FieldProblem[];
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(
    message: string,
    details: {
      status: number;
      code: ApiError["code"];
      fields?: readonly FieldProblem[];
      requestId?: string | null;
      retryAfterSeconds?: number | null;
    },
  ) {
    super(message);
    this.name = "ApiError";
    this.status = details.status;
    this.code = details.code;
    this.fields = details.fields ?? [];
    this.requestId = details.requestId ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
  }
}

export type QueryValue = string | number | boolean | null | undefined;

export interface RequestOptions {
  /** A list repeats its name. */
  query?: Record<string, QueryValue | readonly string[]>;
  body?: unknown;
  signal?: AbortSignal;
  /** `text/csv` asks for text; JSON otherwise. */
  accept?: "application/json" | "text/csv";
}

let csrfToken: string | undefined;

/** The token of the current session; every change made under the session cookie carries it. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

const sessionEndedListeners = new Set<() => void>();

/** Calls the listener when an answer says that the session is over. Returns how to stop listening. */
export function onSessionEnded(listener: () => void): () => void {
  sessionEndedListeners.add(listener);
  return () => sessionEndedListeners.delete(listener);
}

export function urlOf(path: string, query: RequestOptions["query"] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    for (const single of [value].flat()) parameters.append(name, String(single));
  }
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** One request to our REST API (`/api/v1`), whose success bodies are the value itself. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  if (options.accept === "text/csv") return text as T;
  return (text === "" ? undefined : parseJson(text, response)) as T;
}

/** One request to the Wavefront-compatible API (`/api/v2`), whose bodies are wrapped in an envelope. */
export async function requestEnvelope<T>(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const body = await request<{ response: T }>(method, path, options);
  return body.response;
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: options.accept ?? "application/json" };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrfToken !== undefined) headers["X-CSRF-Token"] = csrfToken;
  let response: Response;
  try {
    response = await fetch(urlOf(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError("The server cannot be reached. Check the connection and whether it is running.", {
      status: 0,
      code: "network",
    });
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

function parseJson(text: string, response: Response): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unexpected(response);
  }
}

function unexpected(response: Response): ApiError {
  return new ApiError(
    `The server answered with status ${response.status} and a body that is not JSON. A proxy in between may have answered instead.`,
    { status: response.status, code: "unexpected", requestId: response.headers.get("X-Request-Id") },
  );
}

interface ErrorBody {
  error?: { code?: ErrorCode; message?: string; fields?: FieldProblem[]; requestId?: string };
  /** The envelope of `/api/v2`. */
  status?: { message?: string; code?: number };
}

async function errorOf(response: Response): Promise<ApiError> {
  let body: ErrorBody;
  try {
    body = (await response.json()) as ErrorBody;
  } catch {
    return unexpected(response);
  }
  const enveloped = readEnvelopeMessage(
    body.status?.message ?? `The request failed with status ${response.status}.`,
  );
  const error = new ApiError(body.error?.message ?? enveloped.summary, {
    status: response.status,
    code: body.error?.code ?? (response.status === 401 ? "unauthenticated" : "unexpected"),
    fields: body.error?.fields ?? enveloped.fields,
    requestId: body.error?.requestId ?? response.headers.get("X-Request-Id"),
    retryAfterSeconds: secondsOf(response.headers.get("Retry-After")),
  });
  if (error.code === "unauthenticated") for (const listener of sessionEndedListeners) listener();
  return error;
}

function secondsOf(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) ? seconds : null;
}
