import { fastifyCookie } from "@fastify/cookie";
import { type FastifyInstance, type FastifyRequest, fastify, type RouteOptions } from "fastify";
import type { Registry } from "prom-client";
import { AppError, type Clock, type Log, type Random } from "../../base/index.ts";
import {
  refuseDuplicateHeaders,
  refuseEncodedBody,
  refuseOddTarget,
  refuseTransferCoding,
  requireHost,
  requireJson,
} from "../input/headers.ts";
import { parseJson } from "../input/json.ts";
import { createBrokenRequestHandler } from "./broken-requests.ts";
import { type Connections, createConnections } from "./connections.ts";
import type { ErrorForm } from "./error-form.ts";
import { consoleErrors, sendError } from "./errors.ts";
import { defaultLimits, type ServerLimits } from "./limits.ts";
import { closeGently } from "./lingering.ts";
import { createPathTable, type PathTable, unroutedError } from "./method-check.ts";
import { createRawServer } from "./raw-server.ts";
import { addressOf, isSecure, type TrustedProxies } from "./request-facts.ts";
import { createRequestLog } from "./request-log.ts";
import { createRequestMetrics } from "./request-metrics.ts";
import { operationOf, pathOf, routeOf } from "./request-state.ts";
import { createRequestsUnderWay, type RequestsUnderWay } from "./requests-under-way.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import type { TlsIdentity } from "./tls.ts";

export interface ServerDeps {
  readonly name: "console" | "endpoint";
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: Registry;
  /** The address in the user's browser; https there means secure cookies and HSTS here. */
  readonly publicUrl?: string | undefined;
  /** Nobody is trusted without them. */
  readonly trustedProxies?: TrustedProxies;
  /** Without it the listener speaks plain HTTP. */
  readonly tls?: TlsIdentity | undefined;
  /** The console's unless given. */
  readonly errors?: ErrorForm;
  /** For who asks for a path that is not there. */
  readonly lostAdvice?: string;
  /** Whether the handlers tell who asks with `Expect: 100-continue` to go on. */
  readonly continueLate?: boolean;
  readonly limits?: Partial<ServerLimits>;
  /** Sees every route that is registered, so that a test can ask each for its operation. */
  readonly onRoute?: (options: RouteOptions) => void;
}

/** External IDs have up to 1,224 characters and stand in paths; encoding may treble them. */
const pathSegmentMax = 4096;

export interface Server {
  readonly app: FastifyInstance;
  readonly paths: PathTable;
}

/**
 * The hardened base of a listener: timeouts, limits, headers, body parsing, errors, log and metrics. Routes are added
 * by its owner.
 */
export async function createServer(deps: ServerDeps): Promise<Server> {
  const limits = { ...defaultLimits, ...deps.limits };
  const { random, errors = consoleErrors } = deps;
  const connections = createConnections(limits.connections);
  const underWay = createRequestsUnderWay();
  const app = fastify({
    logger: false,
    trustProxy: false,
    requestIdHeader: false,
    genReqId: () => random.uuid(),
    bodyLimit: limits.bodyBytesMax,
    return503OnClosing: false,
    // A stop waits for as long as requests take.
    pluginTimeout: 0,
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: pathSegmentMax },
    serverFactory: (handler) => createRawServer(handler, limits, connections, deps),
    frameworkErrors: (error, request, reply) => {
      request.state ??= { startedAt: deps.clock.monotonic(), secure: false };
      setSecurityHeaders(reply, { https: false });
      void sendError(error, request, reply.header("X-Request-Id", request.id), errors);
    },
    clientErrorHandler: createBrokenRequestHandler({ form: errors, underWay, random, clock: deps.clock }),
  });
  const paths = createPathTable();
  await app.register(fastifyCookie);
  addBodyParser(app);
  addHooks(app, { paths, connections, underWay, deps, limits });
  app.addHook("onRoute", (options) => {
    deps.onRoute?.(options);
    for (const name of [options.method].flat()) if (!options.url.includes("*")) paths.add(name, options.url);
  });
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, errors));
  app.setNotFoundHandler((request) => {
    throw unroutedError(paths, request.method, pathOf(request), deps.lostAdvice);
  });
  return { app, paths };
}

/** Any content type comes here, so that routes without a body can ignore what clients send along. */
function addBodyParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, async (request: FastifyRequest, bytes: Buffer) => {
    const route = routeOf(request);
    if (!route?.body) return undefined;
    if (bytes.length === 0) return undefined;
    requireJson(request.headers["content-type"]);
    return parseJson(bytes);
  });
}

/** For the log and the metrics, as other servers have it; nobody is told it. */
const callerGone = 499;

interface Hooked {
  readonly paths: PathTable;
  readonly connections: Connections;
  readonly underWay: RequestsUnderWay;
  readonly deps: ServerDeps;
  readonly limits: ServerLimits;
}

/** The fixed order of the start and the end: id, limits … output. The hooks of a route come in between. */
function addHooks(app: FastifyInstance, { paths, connections, underWay, deps, limits }: Hooked): void {
  const https = deps.tls !== undefined || (deps.publicUrl?.startsWith("https:") ?? false);
  const metrics = createRequestMetrics(deps.registry, deps.name);
  const logRequest = createRequestLog(deps);
  const finish = (request: FastifyRequest, status: number) => {
    const tookMs = deps.clock.monotonic() - request.state.startedAt;
    const operation = operationOf(request) ?? "none";
    metrics.finished({ operation, status }, tookMs);
    logRequest(request, { status, tookMs });
  };
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
    if (!app.server.listening) return;
    await connections.stopTaking();
    // Whoever has just been answered may have sent the next request already, and would meet a reset instead of a 503.
    if (limits.lastRequestsMs > 0) await deps.clock.sleep(limits.lastRequestsMs);
    connections.close((connection) => !underWay.on(connection));
    await underWay.none();
  });

  app.addHook("onRequest", async (request, reply) => {
    request.state = {
      startedAt: deps.clock.monotonic(),
      secure: isSecure(request, deps.trustedProxies),
    };
    metrics.started();
    underWay.start({
      request,
      reply,
      onEnd: (isAnswered) => finish(request, isAnswered ? reply.statusCode : callerGone),
    });
    setSecurityHeaders(reply, { https });
    void reply.header("X-Request-Id", request.id);
  });
  app.addHook("onRequest", async (request, reply) => {
    // As many as it may have connections: who sends on and on without waiting for answers would fill the places of all others,
    // and a refusal would wait in the same line.
    if (underWay.countOf(addressOf(request)) > limits.connections.perAddress) {
      request.raw.socket.destroy();
      return reply.hijack();
    }
    if (closing) throw new AppError("shutting_down");
    if (underWay.count() > limits.requestsInFlightMax) throw new AppError("overloaded");
    requireHost(request.headers.host, request.raw.httpVersion);
    refuseOddTarget(request.raw.url);
    refuseDuplicateHeaders(request.raw.rawHeaders);
    refuseTransferCoding(request.headers["transfer-encoding"]);
    // Before its body is read: nobody would look at it.
    if (request.is404) throw unroutedError(paths, request.method, pathOf(request), deps.lostAdvice);
    // Log events may come compressed; whoever reads them decides how.
    if (request.routeOptions.config.open !== "ingest") refuseEncodedBody(request.headers["content-encoding"]);
  });
  app.addHook("onSend", async (request, reply) => {
    if (!request.raw.complete) closeGently(request.raw.socket, deps.clock);
    // A connection that stayed open would hold up the stop until it has been idle for long enough.
    if (closing) void reply.header("Connection", "close");
  });
}
