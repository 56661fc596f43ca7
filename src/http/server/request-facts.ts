import type { TLSSocket } from "node:tls";
import type { FastifyRequest } from "fastify";

const userAgentCharactersMax = 1024;

/** The socket's address; headers that claim another are not believed. IPv4 keeps its own form on a socket for both. */
export function addressOf(request: FastifyRequest): string {
  const address = request.socket.remoteAddress ?? "";
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

/** As long as CloudTrail keeps it. */
export function userAgentOf(request: FastifyRequest): string {
  return (request.headers["user-agent"] ?? "").slice(0, userAgentCharactersMax);
}

/** Whether TLS ends at our socket. */
export function isEncrypted(request: FastifyRequest): boolean {
  return (request.socket as Partial<TLSSocket>).encrypted === true;
}

/** As an audit record describes the connection; undefined without TLS. */
export function tlsDetailsOf(request: FastifyRequest): Record<string, string> | undefined {
  if (!isEncrypted(request)) return undefined;
  const socket = request.socket as TLSSocket;
  return {
    tlsVersion: socket.getProtocol() ?? "",
    cipherSuite: socket.getCipher().standardName,
    clientProvidedHostHeader: request.headers.host ?? "",
  };
}

/** The target after its question mark, as sent. */
export function queryOf(request: FastifyRequest): string {
  const target = request.raw.url ?? "";
  const start = target.indexOf("?");
  return start < 0 ? "" : target.slice(start + 1);
}
