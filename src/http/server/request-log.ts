import type { FastifyRequest } from "fastify";
import type { Clock, Log } from "../../base/index.ts";
import { errorCodes } from "../../contract/index.ts";
import { operationOf, pathOf } from "./request-state.ts";

/** Refused log events a second that are told of one by one; a flood of bad keys must not become a flood of lines. */
const refusalsPerSecond = 10;

interface Outcome {
  readonly status: number;
  readonly tookMs: number;
}

export type RequestLog = (request: FastifyRequest, outcome: Outcome) => void;

/**
 * One wide line per request. The route stands for the path, because a path may hold an external ID; where no route
 * matched, the path is shown, cut, and without its query.
 */
export function createRequestLog({ log, clock }: { log: Log; clock: Clock }): RequestLog {
  let second = 0;
  let told = 0;
  let untold = 0;
  /** How many were left out since the last line; undefined when this one is left out too. */
  const countRefusal = (): number | undefined => {
    const now = Math.floor(clock.monotonic() / 1000);
    if (now !== second) [second, told] = [now, 0];
    if (told++ >= refusalsPerSecond) {
      untold += 1;
      return undefined;
    }
    const left = untold;
    untold = 0;
    return left;
  };
  return (request, outcome) => {
    const { error } = request.state;
    // Who is full says so thousands of times a second, and a stack tells nothing of it.
    const isFull = error?.code === "overloaded";
    const isFault = error !== undefined && errorCodes[error.code].fault === "server" && !isFull;
    if (!isFrequent(request) || isFault) return logRequest(log, request, outcome);
    if (outcome.status < 400) return log.debug("Request.", fieldsOf(request, outcome));
    const notTold = countRefusal();
    if (notTold !== undefined)
      log[isFull ? "warn" : "info"]("Request.", { ...fieldsOf(request, outcome), notTold });
  };
}

function logRequest(log: Log, request: FastifyRequest, outcome: Outcome): void {
  const { error } = request.state;
  const fields = fieldsOf(request, outcome);
  if (error && errorCodes[error.code].fault === "server") {
    log.error("Request failed.", { ...fields, error });
  } else {
    log.info("Request.", error ? { ...fields, detail: error.detail, fields: error.fields } : fields);
  }
}

function fieldsOf(request: FastifyRequest, { status, tookMs }: Outcome) {
  const { state } = request;
  return {
    requestId: request.id,
    operation: operationOf(request),
    method: request.method,
    route: request.is404 ? undefined : request.routeOptions.url,
    path: request.is404 ? pathOf(request).slice(0, 200) : undefined,
    status,
    tookMs: Math.round(tookMs * 10) / 10,
    address: request.socket.remoteAddress,
    caller: state.caller?.arn,
    proof: state.caller?.proof.kind,
    proofId: state.caller?.proof.kind === "session" ? undefined : state.caller?.proof.id,
    bytesIn: Number(request.headers["content-length"] ?? 0),
    errorCode: state.errorCode ?? state.error?.code,
  };
}

/** Probes and log events come by the thousand; what is told of them one by one is what went wrong. */
function isFrequent(request: FastifyRequest): boolean {
  const { open } = request.routeOptions.config;
  return open === "health" || open === "ingest";
}
