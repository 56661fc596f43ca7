import type { Readable } from "node:stream";
import { HttpRequest } from "@smithy/core/protocols";
import type { AddressPolicy } from "./address-policy.ts";
import { createHttpHandler, type HttpHandler } from "./http.ts";
import type { Environment } from "./proxy.ts";

export interface Posted {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface PostRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

/**
 * POST to URLs that users gave and that are no endpoints of AWS: addresses are checked when they are connected to, as
 * all others, and the server's own proxy is used. It follows no redirect and keeps no cookie.
 */
export interface Poster {
  /** Rejects when no answer came, or one that is larger than a receiver has reason to send. */
  post(url: string, request: PostRequest): Promise<Posted>;
  /** Closes idle sockets. */
  close(): void;
}

export interface PosterOptions {
  readonly policy: AddressPolicy;
  /** The server's own, for its proxy. */
  readonly environment: Environment;
  readonly requestTimeoutMs?: number;
}

const connectionTimeoutMs = 5_000;
const defaultRequestTimeoutMs = 30_000;
const responseBytesMax = 256 * 1024;
/** Beyond this the handler that was made first is closed; each has its own sockets. */
const handlersMax = 500;

export function createPoster(options: PosterOptions): Poster {
  const handlers = new Map<string, HttpHandler>();
  const handlerOf = (origin: string): HttpHandler => {
    const known = handlers.get(origin);
    if (known) return known;
    const [oldest] = handlers.keys();
    if (oldest !== undefined && handlers.size >= handlersMax) {
      handlers.get(oldest)?.destroy();
      handlers.delete(oldest);
    }
    const handler = createHttpHandler({
      // As an endpoint that a user gave: of such a host every address must pass the operator's policy.
      source: { endpoints: { monitoring: origin }, proxy: { type: "environment" }, caBundle: "" },
      policy: options.policy,
      environment: options.environment,
      connectionTimeoutMs,
      requestTimeoutMs: options.requestTimeoutMs ?? defaultRequestTimeoutMs,
      responseBytesMax,
    });
    handlers.set(origin, handler);
    return handler;
  };
  return {
    post: async (text, { headers, body, signal }) => {
      const url = new URL(text);
      const request = toRequest(url, headers, body);
      const { response } = await handlerOf(url.origin).handle(request, signal && { abortSignal: signal });
      return {
        status: response.statusCode,
        headers: response.headers,
        body: await readAll(response.body as Readable),
      };
    },
    close: () => {
      for (const handler of handlers.values()) handler.destroy();
      handlers.clear();
    },
  };
}

function toRequest(url: URL, headers: PostRequest["headers"], body: Uint8Array): HttpRequest {
  const query: Record<string, string[]> = {};
  for (const name of url.searchParams.keys()) query[name] = url.searchParams.getAll(name);
  return new HttpRequest({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    path: url.pathname,
    query,
    headers: { ...headers, host: url.host, "content-length": String(body.byteLength) },
    body,
  });
}

async function readAll(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
