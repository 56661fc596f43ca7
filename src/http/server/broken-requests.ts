import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { AppError, type Clock, type Random } from "../../base/index.ts";
import type { ErrorCode } from "../../contract/index.ts";
import type { ErrorAnswer, ErrorForm } from "./error-form.ts";
import { closeGently } from "./lingering.ts";
import type { RequestsUnderWay } from "./requests-under-way.ts";

/**
 * For connections whose bytes are no HTTP, or do not come, as the parser and its clock find: each request gets one answer, in
 * its own words, and then they end.
 */
export function createBrokenRequestHandler(deps: {
  form: ErrorForm;
  underWay: RequestsUnderWay;
  random: Random;
  clock: Clock;
}) {
  const { form, underWay, random, clock } = deps;
  return (error: Error & { code?: string }, connection: Socket): void => {
    // Who failed to agree on TLS would not understand what is said in clear.
    const isMute = error.code === "ECONNRESET" || /^ERR_(SSL|TLS)_/.test(error.code ?? "");
    if (isMute) return void connection.destroy();
    // Its answer is on its way, and the rest is not looked at.
    if (!connection.writable) return;
    closeGently(connection, clock);
    const refusal = new AppError(codeOf(error), { cause: error });
    const latest = underWay.on(connection);
    if (!latest) {
      const requestId = random.uuid();
      connection.write(toBytes(form.writeUnread(refusal, requestId), requestId));
      connection.destroySoon();
      return;
    }
    const { request, reply } = latest;
    reply.raw.shouldKeepAlive = false;
    // What follows a whole request is not its fault: it gets its own answer, and nothing else is said.
    if (request.raw.complete || reply.raw.headersSent) return;
    // Whoever reads the body answers, and gives back what was taken for it.
    if (request.raw.listenerCount("error") > 0) return void request.raw.emit("error", refusal);
    const answer = (request.routeOptions.config.writeError ?? form.write)(refusal, request);
    connection.write(toBytes(answer, request.id));
    connection.destroySoon();
  };
}

function codeOf({ code }: { code?: string }): ErrorCode {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "request_timed_out";
  return code === "HPE_HEADER_OVERFLOW" ? "headers_too_large" : "malformed_request";
}

function toBytes({ status, headers, body }: ErrorAnswer, requestId: string): Buffer {
  const bytes = Buffer.from(body as Uint8Array);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${bytes.length}`,
    "cache-control: no-store",
    `x-request-id: ${requestId}`,
    "connection: close",
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), bytes]);
}
