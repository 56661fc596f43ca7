import { isIPv6 } from "node:net";
import type { TLSSocket } from "node:tls";
import type { FastifyRequest } from "fastify";
import type { Facts } from "../route.ts";

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

/** What policies may ask about besides the call itself. */
export function factsOf(request: FastifyRequest): Facts {
  return {
    sourceIp: addressOf(request),
    userAgent: userAgentOf(request),
    secure: request.state.secure,
  };
}

/** Whether TLS ends at our socket. */
function isEncrypted(request: FastifyRequest): boolean {
  return (request.socket as Partial<TLSSocket>).encrypted === true;
}

/** Addresses of proxies, described by what is asked of them. */
export interface TrustedProxies {
  check(address: string, family: "ipv4" | "ipv6"): boolean;
}

/** Whether TLS ends at our socket, or at a proxy that is trusted to say so; from anybody else its header is a claim. */
export function isSecure(request: FastifyRequest, proxies: TrustedProxies | undefined): boolean {
  if (isEncrypted(request)) return true;
  const address = addressOf(request);
  if (!proxies?.check(address, isIPv6(address) ? "ipv6" : "ipv4")) return false;
  // Each proxy of several adds what it saw at the end.
  const claims = String(request.headers["x-forwarded-proto"] ?? "").split(",");
  return claims.at(-1)?.trim().toLowerCase() === "https";
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
