import type { FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../../base/index.ts";
import { errorCodes } from "../../contract/index.ts";
import { operationOf, pathOf } from "./request-state.ts";

/**
 * One wide line per request. The route stands for the path, because a path may hold an external ID; where no route
 * matched, the path is shown, cut, and without its query.
 */
export function logRequest(log: Log, request: FastifyRequest, reply: FastifyReply, tookMs: number): void {
  const { state } = request;
  const fields = {
    requestId: request.id,
    operation: operationOf(request),
    method: request.method,
    route: request.is404 ? undefined : request.routeOptions.url,
    path: request.is404 ? pathOf(request).slice(0, 200) : undefined,
    status: reply.statusCode,
    tookMs: Math.round(tookMs * 10) / 10,
    address: request.socket.remoteAddress,
    caller: state.caller?.arn,
    proof: state.caller?.proof.kind,
    proofId: state.caller?.proof.kind === "session" ? undefined : state.caller?.proof.id,
    bytesIn: Number(request.headers["content-length"] ?? 0),
    errorCode: state.errorCode ?? state.error?.code,
  };
  const { error } = state;
  if (error && errorCodes[error.code].fault === "server") {
    log.error("Request failed.", { ...fields, error });
  } else if (isFrequent(request) && reply.statusCode < 400) {
    log.debug("Request.", fields);
  } else {
    log.info("Request.", error ? { ...fields, detail: error.detail, fields: error.fields } : fields);
  }
}

/** Probes and log events come by the thousand; what is told of them one by one is what went wrong. */
function isFrequent(request: FastifyRequest): boolean {
  const { open } = request.routeOptions.config;
  return open === "health" || open === "ingest";
}
