import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { ServerDeps } from "./server/server.ts";
import { openTls, type TlsFiles } from "./server/tls.ts";

export interface ListenAddress {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
}

export interface Listener {
  /** Resolves with the base URL, once requests are taken. */
  listen(): Promise<string>;
  /** Undefined before `listen`. */
  address(): AddressInfo | undefined;
  /** Reads the files of the certificate now instead of with the next look; nothing without TLS. Never rejects. */
  reloadTls(): Promise<void>;
  /** Takes no more connections, waits for the requests under way, closes idle connections. Safe to call twice. */
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly listen: ListenAddress;
  /** Without it plain HTTP is spoken. */
  readonly tlsFiles?: TlsFiles | undefined;
}

/** Puts a socket under what `createApp` makes. Throws `configuration_invalid` when the certificate cannot be used. */
export async function createListener<Deps extends Omit<ServerDeps, "name">>(
  createApp: (deps: Deps) => Promise<FastifyInstance>,
  { listen, tlsFiles, ...deps }: Deps & ListenerOptions,
): Promise<Listener> {
  const tls = tlsFiles && (await openTls(tlsFiles, deps));
  const app = await createApp({ ...(deps as unknown as Deps), tls });
  return {
    listen: async () => {
      const url = await app.listen({ host: listen.host, port: listen.port });
      // The library does not see that the server below it speaks TLS.
      return tls ? url.replace(/^http:/, "https:") : url;
    },
    address: () => {
      const address = app.server.address();
      return typeof address === "object" && address !== null ? address : undefined;
    },
    reloadTls: async () => tls?.reload(),
    close: async () => {
      tls?.stop();
      await app.close();
    },
  };
}
