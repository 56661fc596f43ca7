import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";

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
  /** Takes no more connections, waits for the requests under way, closes idle connections. Safe to call twice. */
  close(): Promise<void>;
}

export function createListener(app: FastifyInstance, listen: ListenAddress): Listener {
  return {
    listen: () => app.listen({ host: listen.host, port: listen.port }),
    address: () => {
      const address = app.server.address();
      return typeof address === "object" && address !== null ? address : undefined;
    },
    close: () => app.close(),
  };
}
