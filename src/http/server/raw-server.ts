import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Connections } from "./connections.ts";
import type { ServerLimits } from "./limits.ts";
import type { TlsIdentity } from "./tls.ts";

/** The server below the HTTP library, which may ask for more than one: `localhost` is two addresses. */
export function createRawServer(
  handler: RequestListener,
  limits: ServerLimits,
  connections: Connections,
  { tls, continueLate = false }: { readonly tls?: TlsIdentity | undefined; readonly continueLate?: boolean },
): Server {
  const options = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: 15_000,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: 16_384,
    // Checked by us, so that the answer has our form.
    requireHostHeader: false,
  };
  const server = tls
    ? tls.serve(
        createTlsServer({ ...options, ...tls.options(), handshakeTimeout: limits.headersTimeoutMs }, handler),
      )
    : createServer(options, handler);
  server.maxRequestsPerSocket = 10_000;
  connections.watch(server);
  // Node would say so by itself, before anybody has looked at the request.
  if (continueLate) server.on("checkContinue", handler);
  return server;
}
