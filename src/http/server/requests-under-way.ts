import type { Duplex } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";

export interface RequestUnderWay {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Called once: when the answer is out, or when nobody is there any more to read one. */
  readonly onEnd: (isAnswered: boolean) => void;
}

/** Requests that were read, at least their headers, and whose callers wait for an answer. */
export interface RequestsUnderWay {
  start(one: RequestUnderWay): void;
  count(): number;
  /** The latest on a connection. */
  on(connection: Duplex): RequestUnderWay | undefined;
  /** Resolves as soon as there are none. */
  none(): Promise<void>;
}

export function createRequestsUnderWay(): RequestsUnderWay {
  const byConnection = new WeakMap<Duplex, Set<RequestUnderWay>>();
  let count = 0;
  let emptied = Promise.withResolvers<void>();

  const requestsOn = (connection: Duplex): Set<RequestUnderWay> => {
    const known = byConnection.get(connection);
    if (known) return known;
    const requests = new Set<RequestUnderWay>();
    byConnection.set(connection, requests);
    connection.once("close", () => {
      for (const one of requests) end(connection, one, false);
    });
    return requests;
  };
  const end = (connection: Duplex, one: RequestUnderWay, isAnswered: boolean) => {
    if (!byConnection.get(connection)?.delete(one)) return;
    count--;
    one.onEnd(isAnswered);
    if (count > 0) return;
    emptied.resolve();
    emptied = Promise.withResolvers();
  };
  return {
    start: (one) => {
      const { socket } = one.request.raw;
      requestsOn(socket).add(one);
      count++;
      // Nothing is sent any more, and nothing is called finished, once the caller is gone.
      one.reply.raw.once("finish", () => end(socket, one, true));
    },
    count: () => count,
    on: (connection) => [...(byConnection.get(connection) ?? [])].at(-1),
    none: async () => {
      if (count > 0) await emptied.promise;
    },
  };
}
