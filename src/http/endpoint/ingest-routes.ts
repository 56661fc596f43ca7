import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError, type BufferPool, createBufferPool } from "../../base/index.ts";
import type { Admission, IngestAnswer, IngestHead, IngestService } from "../endpoint-services.ts";
import { translate } from "../server/errors.ts";
import { addressOf, isEncrypted, queryOf } from "../server/request-facts.ts";
import { pathOf } from "../server/request-state.ts";
import { contentLengthOf, leaveBodiesUnread, type ReadBody, readBody } from "./body.ts";

const methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

const pooledBytesMax = 16 * 2 ** 20;

/** Carries log events in and answers out. The caller is asked for before a byte of the body is read. */
export function addIngestRoutes(app: FastifyInstance, ingest: IngestService): void {
  const pool = createBufferPool(pooledBytesMax);
  app.register(async (scope) => {
    leaveBodiesUnread(scope);
    scope.setErrorHandler((error, request, reply) => {
      const appError = translate(error);
      request.state.error = appError;
      return send(request, reply, ingest.refuse(headOf(request), appError));
    });
    for (const url of ingest.paths) {
      scope.route({
        method: methods,
        url,
        config: { open: "ingest" },
        handler: async (request, reply) => {
          if (request.method === "POST") request.state.operation = "logs:PutLogEvents";
          const decision = await ingest.admit(headOf(request));
          const answer = "accept" in decision ? await carry(request, reply, decision, pool) : decision;
          return send(request, reply, answer);
        },
      });
    }
  });
}

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
    secure: isEncrypted(request),
    requestId: request.id,
    ...(contentLength !== undefined && { contentLength }),
  };
}

function send(request: FastifyRequest, reply: FastifyReply, answer: IngestAnswer): FastifyReply {
  const { status, headers, body } = answer;
  // Never text: the library would add a charset to a content type that senders compare as a whole.
  const bytes =
    typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return reply.code(status).header("x-amzn-requestid", request.id).headers(headers).send(bytes);
}
