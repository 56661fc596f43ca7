import type { Duplex } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";

export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Called once: when the answer is out, or when nobody is there any more to read one. */
  readonly onEnd: (isAnswered: boolean) => void;
}

/** Requests that were read, at least their headers, and whose callers wait for an answer. */
export interface RequestsUnderWay {
  start(exchange: Exchange): void;
  count(): number;
  /** The latest on a connection. */
  on(connection: Duplex): Exchange | undefined;
  /** Resolves as soon as there are none. */
  none(): Promise<void>;
}

export function createRequestsUnderWay(): RequestsUnderWay {
  const byConnection = new WeakMap<Duplex, Set<Exchange>>();
  let count = 0;
  let emptied = Promise.withResolvers<void>();

  const exchangesOn = (connection: Duplex): Set<Exchange> => {
    const known = byConnection.get(connection);
    if (known) return known;
    const exchanges = new Set<Exchange>();
    byConnection.set(connection, exchanges);
    connection.once("close", () => {
      for (const exchange of exchanges) end(connection, exchange, false);
    });
    return exchanges;
  };
  const end = (connection: Duplex, exchange: Exchange, isAnswered: boolean) => {
    if (!byConnection.get(connection)?.delete(exchange)) return;
    count--;
    exchange.onEnd(isAnswered);
    if (count > 0) return;
    emptied.resolve();
    emptied = Promise.withResolvers();
  };
  return {
    start: (exchange) => {
      const { socket } = exchange.request.raw;
      exchangesOn(socket).add(exchange);
      count++;
      // Nothing is sent any more, and nothing is called finished, once the caller is gone.
      exchange.reply.raw.once("finish", () => end(socket, exchange, true));
    },
    count: () => count,
    on: (connection) => [...(byConnection.get(connection) ?? [])].at(-1),
    none: async () => {
      if (count > 0) await emptied.promise;
    },
  };
}
