import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError, type BufferPool, createBufferPool } from "../../base/index.ts";
import type { Admission, IngestAnswer, IngestHead, IngestService } from "../endpoint-services.ts";
import type { ErrorForm, WriteError } from "../server/error-form.ts";
import { sendAnswer, translate } from "../server/errors.ts";
import { addressOf, queryOf } from "../server/request-facts.ts";
import { pathOf } from "../server/request-state.ts";
import { contentLengthOf, leaveBodiesUnread, type ReadBody, readBody } from "./body.ts";

const methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

const pooledBytesMax = 16 * 2 ** 20;

/** Carries log events in and answers out. The caller is asked for before a byte of the body is read. */
export function addIngestRoutes(app: FastifyInstance, ingest: IngestService): void {
  const pool = createBufferPool(pooledBytesMax);
  app.register(async (scope) => {
    leaveBodiesUnread(scope);
    for (const url of ingest.paths) {
      scope.route({
        method: methods,
        url,
        config: { open: "ingest", writeError: refusalsOf(ingest) },
        handler: async (request, reply) => {
          if (request.method === "POST") request.state.operation = "logs:PutLogEvents";
          const decision = await ingest.admit(headOf(request));
          const answer = "accept" in decision ? await carry(request, reply, decision, pool) : decision;
          await answer.tellable?.(goneOf(request.raw.socket));
          return sendAnswer(reply.header("x-amzn-requestid", request.id), answer);
        },
      });
    }
  });
}

const gone = new WeakMap<Socket, AbortSignal>();

/** Aborts when whoever is at the other end has gone; one for all requests of a connection. */
function goneOf(connection: Socket): AbortSignal {
  if (connection.destroyed) return AbortSignal.abort();
  const known = gone.get(connection);
  if (known) return known;
  const closed = new AbortController();
  connection.once("close", () => closed.abort());
  gone.set(connection, closed.signal);
  return closed.signal;
}

/** In the words of the sender's path, known or not. */
export function ingestErrors(ingest: IngestService): ErrorForm {
  return {
    write: refusalsOf(ingest),
    writeUnread: (error, requestId) => ingest.refuse({ ...unreadHead, requestId }, error),
  };
}

function refusalsOf(ingest: IngestService): WriteError {
  return (error, request) => {
    const appError = translate(error);
    request.state.error = appError;
    const { status, headers, body } = ingest.refuse(headOf(request), appError);
    const { allow } = appError.detail;
    return { status, headers: { ...(allow !== undefined && { allow: String(allow) }), ...headers }, body };
  };
}

const unreadHead = { method: "", path: "", query: "", headers: {}, address: "", secure: false };

async function carry(
  request: FastifyRequest,
  reply: FastifyReply,
  admission: Admission,
  pool: BufferPool,
): Promise<IngestAnswer> {
  let body: ReadBody | undefined;
  try {
    const { maxBodyBytes: bytesMax, hold } = admission;
    body = await readBody(request, reply, { bytesMax, hold }, pool);
    return await admission.accept(body.bytes);
  } catch (error) {
    if (error instanceof AppError) request.state.error = error;
    return admission.reject(error);
  } finally {
    body?.release();
    admission.release();
  }
}

function headOf(request: FastifyRequest): IngestHead {
  const contentLength = contentLengthOf(request);
  return {
    method: request.method,
    path: pathOf(request),
    query: queryOf(request),
    headers: request.headers as Record<string, string | undefined>,
    address: addressOf(request),
    secure: request.state.secure,
    requestId: request.id,
    ...(contentLength !== undefined && { contentLength }),
  };
}
