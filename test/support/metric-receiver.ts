import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export interface MetricReceiver {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** What to answer from now on; 204 to begin with. */
  answer: (request: ReceivedRequest) => ReceiverAnswer | Promise<ReceiverAnswer>;
  close(): Promise<void>;
}

/** A receiver of metrics on loopback that keeps what it is sent and answers as it is told. */
export async function startMetricReceiver(): Promise<MetricReceiver> {
  const requests: ReceivedRequest[] = [];
  const receiver = { answer: (() => ({ status: 204 })) as MetricReceiver["answer"] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = { path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) };
    requests.push(received);
    const { status, headers, body } = await receiver.answer(received);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${port}/api/v1/write`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
