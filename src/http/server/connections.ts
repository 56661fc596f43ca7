import type { Server } from "node:http";
import { Server as NetServer, type Socket } from "node:net";

export interface ConnectionLimits {
  readonly total: number;
  readonly perAddress: number;
}

/** Enough for a busy team behind one address, few enough for the memory of one process. */
export const defaultConnectionLimits: ConnectionLimits = { total: 2048, perAddress: 512 };

/** The open connections of a listener, which may have more than one server: `localhost` is two addresses. */
export interface Connections {
  /** From now on a connection beyond the limits is closed at once, before it can send anything. */
  watch(server: Server): void;
  /** From now on connections are refused; those that are open stay. */
  stopTaking(): Promise<void>;
  /** Closes them: they are silent, or hold back a part of a request. Node itself would wait for them without end. */
  close(isFree: (connection: Socket) => boolean): void;
}

export function createConnections(limits: ConnectionLimits): Connections {
  const servers: Server[] = [];
  const open = new Set<Socket>();
  const perAddress = new Map<string, number>();
  const limit = (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const count = (perAddress.get(address) ?? 0) + 1;
    if (count > limits.perAddress) {
      socket.destroy();
      return;
    }
    perAddress.set(address, count);
    socket.once("close", () => {
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
    });
  };
  const track = (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  };
  return {
    watch: (server) => {
      servers.push(server);
      server.maxConnections = limits.total;
      server.on("connection", limit);
      // With TLS, requests know the connection within: `connection` tells the one around it, whose handshake has its own limit.
      server.on("setSecureContext" in server ? "secureConnection" : "connection", track);
    },
    stopTaking: async () => {
      // Right after the system was asked for new connections: whatever it still held would be reset.
      await new Promise((resolve) => setImmediate(resolve));
      // Not as HTTP servers do it, which also ends the clock that slow requests are held to.
      for (const server of servers) NetServer.prototype.close.call(server);
    },
    close: (isFree) => {
      for (const socket of open) if (isFree(socket)) socket.destroy();
    },
  };
}
