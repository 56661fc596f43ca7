import { connect, type Socket } from "node:net";

/** A keep-alive connection that carries prepared requests one after another, at the least cost to the machine under test. */
export interface Wire {
  /** Resolves with the answer; rejects when the connection ends before it is whole. */
  send(request: Buffer): Promise<WireAnswer>;
  close(): void;
}

export interface WireAnswer {
  readonly status: number;
  /** Status line and headers. */
  readonly head: string;
  readonly body: string;
}

interface Pending {
  readonly resolve: (answer: WireAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** `localAddress` is where it comes from, if that matters. */
export async function openWire(url: string, localAddress?: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  const socket = connect({
    host: hostname,
    port: Number(port),
    noDelay: true,
    ...(localAddress && { localAddress }),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  return carry(socket);
}

function carry(socket: Socket): Wire {
  let pending: Pending | undefined;
  let received: Buffer = Buffer.alloc(0);
  let ended: Error | undefined;
  const fail = (error: Error) => {
    ended ??= error;
    pending?.reject(ended);
    pending = undefined;
  };
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("The connection ended.")));
  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (;;) {
      const answer = takeAnswer(received);
      if (!answer) return;
      received = received.subarray(answer.length);
      // A server may say 100 first.
      if (answer.status < 200) continue;
      const { resolve } = pending ?? {};
      pending = undefined;
      resolve?.(answer);
    }
  });
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        pending = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

const headEnd = Buffer.from("\r\n\r\n");

/** Answers with a Content-Length only; the server gives no others to these requests. */
function takeAnswer(bytes: Buffer): (WireAnswer & { readonly length: number }) | undefined {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return undefined;
  const head = bytes.toString("latin1", 0, end);
  const status = Number(head.slice(9, 12));
  const length = end + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (bytes.length < length) return undefined;
  return { status, head, body: bytes.toString("utf8", end + 4, length), length };
}
