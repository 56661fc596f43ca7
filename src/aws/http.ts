import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { isIP } from "node:net";
import { pipeline, type Readable, Transform } from "node:stream";
import { getCACertificates } from "node:tls";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { HttpsProxyAgent } from "https-proxy-agent";
import {
  type AddressPolicy,
  AddressRefused,
  addressProblem,
  checkedLookup,
  hostOf,
  isLoopback,
} from "./address-policy.ts";
import { type Environment, proxyFor } from "./proxy.ts";
import type { AwsIdentitySource } from "./source.ts";

export interface HttpOptions {
  readonly source: Pick<AwsIdentitySource, "endpoints" | "proxy" | "caBundle">;
  readonly policy: AddressPolicy;
  readonly environment: Environment;
  readonly connectionTimeoutMs: number;
  /** From the request to the head of the answer, and again to the end of its body. */
  readonly requestTimeoutMs: number;
  readonly responseBytesMax: number;
  /** `Date` header of each answer, to see how far our clock is off. */
  readonly onDate?: (serverMs: number) => void;
}

/** An unused connection is closed after this. */
const idleTimeoutMs = 60_000;

type Handle = NodeHttpHandler["handle"];
type Request = Parameters<Handle>[0];

/** What the SDK needs of a request handler. It follows no redirect. */
export interface HttpHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle: Handle;
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

/**
 * The only way out to AWS. Every address is checked when it is connected to: those behind URLs that users gave by the
 * operator's policy; those of AWS's own names may be private (interface endpoints with private DNS) but not loopback.
 * Proxies of the environment are the operator's and not checked.
 */
export function createHttpHandler(options: HttpOptions): HttpHandler {
  const problemOf = createAddressCheck(options);
  const tls = options.source.caBundle
    ? { ca: [...getCACertificates("default"), options.source.caBundle] }
    : {};
  const direct = makeHandler(options, {
    keepAlive: true,
    maxSockets: 50,
    timeout: idleTimeoutMs,
    lookup: checkedLookup(problemOf),
    ...tls,
  });
  const proxied = new Map<string, NodeHttpHandler>();

  function handlerFor(request: Request): NodeHttpHandler {
    const proxy = proxyFor(
      options.source.proxy,
      { protocol: request.protocol, host: request.hostname, port: request.port },
      options.environment,
    );
    checkLiteral(request.hostname, problemOf);
    if (!proxy) return direct;
    const existing = proxied.get(proxy.href);
    if (existing) return existing;
    const trusted = options.source.proxy.type === "environment";
    if (!trusted) checkLiteral(hostOf(proxy), problemOf);
    const agent = new HttpsProxyAgent(proxy, {
      keepAlive: true,
      maxSockets: 50,
      ...tls,
      ...(trusted ? {} : { lookup: checkedLookup(problemOf) }),
    });
    const handler = makeProxiedHandler(options, agent);
    proxied.set(proxy.href, handler);
    return handler;
  }

  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle(request, handlerOptions) {
      const { response } = await handlerFor(request).handle(request, handlerOptions);
      const date = Date.parse(response.headers.date ?? "");
      if (!Number.isNaN(date)) options.onDate?.(date);
      response.body = guarded(response.body as Readable, response.statusCode < 300, options);
      return { response };
    },
    destroy() {
      direct.destroy();
      for (const handler of proxied.values()) handler.destroy();
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

function makeHandler(options: HttpOptions, agentOptions: ConstructorParameters<typeof HttpsAgent>[0]) {
  return new NodeHttpHandler({
    ...timeoutsOf(options),
    httpAgent: new HttpAgent(agentOptions),
    httpsAgent: new HttpsAgent({ ...agentOptions, minVersion: "TLSv1.2" }),
  });
}

function makeProxiedHandler(options: HttpOptions, agent: HttpsProxyAgent<string>) {
  return new NodeHttpHandler({
    ...timeoutsOf(options),
    httpAgent: agent as unknown as HttpAgent,
    httpsAgent: agent as unknown as HttpsAgent,
  });
}

/** The SDK's handler would write its warnings about busy sockets to the console, past our log. */
const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

function timeoutsOf({ connectionTimeoutMs, requestTimeoutMs }: HttpOptions) {
  return {
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    logger: quiet,
    socketTimeout: requestTimeoutMs,
  };
}

function createAddressCheck({ source, policy }: HttpOptions) {
  const userUrls = [...Object.values(source.endpoints), source.proxy.url].filter((url) => url !== undefined);
  const userHosts = userUrls.map((url) => hostOf(new URL(url)));
  // The S3 client may put the bucket in front of the host it was given.
  const isUserHost = (host: string) =>
    userHosts.some((userHost) => host === userHost || host.endsWith(`.${userHost}`));
  return (host: string, address: string): string | undefined => {
    if (isUserHost(host)) return addressProblem(host, address, policy);
    const allowPrivate = policy.allowPrivate || !isLoopback(address);
    return addressProblem(host, address, { ...policy, allowPrivate });
  };
}

/** Sockets to a literal address never ask the resolver, so it is checked here. */
function checkLiteral(
  hostname: string,
  problemOf: (host: string, address: string) => string | undefined,
): void {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (!isIP(host)) return;
  const problem = problemOf(host, host);
  if (problem) throw new AddressRefused(problem);
}

const startsAsPage = /^\s*<(!doctype\s+html|html)/i;

/**
 * Fails an answer that is larger than the cap, that trickles in for longer than the timeout, or that is a web page where
 * AWS would report success: a sign-in page read as XML looks like an empty answer.
 */
function guarded(
  body: Readable,
  isSuccess: boolean,
  { responseBytesMax, requestTimeoutMs }: HttpOptions,
): Readable {
  let bytes = 0;
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (bytes === 0 && isSuccess && startsAsPage.test(chunk.subarray(0, 256).toString("latin1"))) {
        return done(failure("UNEXPECTED_PAGE", "A web page came back instead of an answer of AWS."));
      }
      bytes += chunk.length;
      if (bytes > responseBytesMax)
        return done(failure("RESPONSE_TOO_LARGE", "The answer is larger than allowed."));
      return done(null, chunk);
    },
  });
  const deadline = setTimeout(
    () => body.destroy(failure("ETIMEDOUT", "The answer took too long.")),
    requestTimeoutMs,
  );
  deadline.unref();
  pipeline(body, guard, () => clearTimeout(deadline));
  return guard;
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
