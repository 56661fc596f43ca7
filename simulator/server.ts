import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { defaultWireLimits, type WireRequest } from "../src/protocols/index.ts";
import { createSimulator, type Seeded, type Simulator, type SimulatorOptions } from "./simulator.ts";

export interface RunningSimulator {
  readonly url: string;
  readonly port: number;
  readonly simulator: Simulator;
  readonly seeded: Seeded;
  /** Ends open connections too, the hanging ones first of all. */
  close(): Promise<void>;
}

/** Serves a simulated AWS on one HTTP endpoint; a free port when `port` is 0 or left out. */
export async function startSimulator(
  options: SimulatorOptions & { readonly host?: string; readonly port?: number } = {},
): Promise<RunningSimulator> {
  const simulator = createSimulator(options);
  const server = createServer((request, response) => {
    serve(simulator, request, response).catch((error: unknown) => {
      options.log?.error("a simulated call broke off", { error });
      response.destroy();
    });
  });
  // Longer than clients keep idle connections: one that is closed as it is used again looks like a fault.
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 80_000;
  const host = options.host ?? "127.0.0.1";
  await listen(server, host, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    port,
    simulator,
    seeded: simulator.seeded,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const wireRequest = await readWireRequest(request);
  const answer = await simulator.handle(wireRequest);
  if (answer === "hang") return;
  if (answer === "reset") {
    request.socket.resetAndDestroy();
    return;
  }
  // The Date header shows the simulated clock, so that clients can measure their offset from it.
  response.sendDate = false;
  response.writeHead(answer.status, {
    ...answer.headers,
    date: new Date(simulator.now()).toUTCString(),
    "content-length": answer.body.byteLength,
  });
  response.end(request.method === "HEAD" ? undefined : answer.body);
}

/** Reads one byte more than the limit at most: the protocol then refuses the body in the caller's dialect. */
async function readWireRequest(request: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (length > defaultWireLimits.bodyBytesMax) continue;
    chunks.push(chunk);
    length += chunk.byteLength;
  }
  const [path = "/", query = ""] = splitTarget(request.url ?? "/");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  return { method: request.method ?? "GET", path, query, headers, body: Buffer.concat(chunks) };
}

function splitTarget(target: string): [string, string] {
  const at = target.indexOf("?");
  return at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at + 1)];
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
