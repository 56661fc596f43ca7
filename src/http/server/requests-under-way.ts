import type { Duplex } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { addressOf } from "./request-facts.ts";

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
  /** Of all connections of this address. */
  countOf(address: string): number;
  /** The latest on a connection. */
  on(connection: Duplex): RequestUnderWay | undefined;
  /** Resolves as soon as there are none. */
  none(): Promise<void>;
}

export function createRequestsUnderWay(): RequestsUnderWay {
  const byConnection = new WeakMap<Duplex, Map<RequestUnderWay, string>>();
  const perAddress = new Map<string, number>();
  let count = 0;
  let emptied = Promise.withResolvers<void>();

  /** With their addresses, which a connection that was closed does not know any more. */
  const requestsOn = (connection: Duplex): Map<RequestUnderWay, string> => {
    const known = byConnection.get(connection);
    if (known) return known;
    const requests = new Map<RequestUnderWay, string>();
    byConnection.set(connection, requests);
    connection.once("close", () => {
      for (const one of requests.keys()) end(connection, one, false);
    });
    return requests;
  };
  const add = (address: string, change: 1 | -1) => {
    count += change;
    const left = (perAddress.get(address) ?? 0) + change;
    if (left > 0) perAddress.set(address, left);
    else perAddress.delete(address);
  };
  const end = (connection: Duplex, one: RequestUnderWay, isAnswered: boolean) => {
    const requests = byConnection.get(connection);
    const address = requests?.get(one);
    if (requests === undefined || address === undefined) return;
    requests.delete(one);
    add(address, -1);
    one.onEnd(isAnswered);
    if (count > 0) return;
    emptied.resolve();
    emptied = Promise.withResolvers();
  };
  return {
    start: (one) => {
      const { socket } = one.request.raw;
      const address = addressOf(one.request);
      requestsOn(socket).set(one, address);
      add(address, 1);
      // Nothing is sent any more, and nothing is called finished, once the caller is gone.
      one.reply.raw.once("finish", () => end(socket, one, true));
    },
    count: () => count,
    countOf: (address) => perAddress.get(address) ?? 0,
    on: (connection) => [...(byConnection.get(connection)?.keys() ?? [])].at(-1),
    none: async () => {
      if (count > 0) await emptied.promise;
    },
  };
}
