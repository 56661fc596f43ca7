import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError, type BufferPool } from "../../base/index.ts";

export interface ReadBody {
  readonly bytes: Buffer;
  /** Once nobody looks at the bytes any more. */
  release(): void;
}

export interface BodyLimits {
  readonly bytesMax: number;
  /** Told of bytes as they come; whatever it throws ends the reading. */
  hold(bytes: number): void;
}

/** For a scope whose handlers read bodies themselves, when they know how much they will take. */
export function leaveBodiesUnread(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
}

/**
 * Throws `body_too_large`, before anything is read where the announced length tells, `malformed_request` when the
 * connection ends first, and what `hold` throws. What is left of a refused body is read and thrown away: closing the
 * connection instead would reset it, and the caller would never see the answer.
 */
export async function readBody(
  request: FastifyRequest,
  reply: FastifyReply,
  { bytesMax, hold }: BodyLimits,
  pool: BufferPool,
): Promise<ReadBody> {
  const announced = contentLengthOf(request) ?? 0;
  if (announced > bytesMax) throw tooLarge(bytesMax);
  // Only now: who waits for the word to go on has not sent a byte of a body that was refused.
  if (expectsContinue(request)) reply.raw.writeContinue();
  let received = 0;
  return collect(request.raw, pool, announced, (bytes) => {
    received += bytes;
    if (received > bytesMax) throw tooLarge(bytesMax);
    hold(bytes);
  });
}

/** Undefined for a chunked body. Node has refused whatever is no number. */
export function contentLengthOf(request: FastifyRequest): number | undefined {
  const header = request.headers["content-length"];
  return header === undefined ? undefined : Number(header);
}

/**
 * Returns the memory of a chunk that nobody looks at any more. Left to the collector, which runs through the whole heap for every
 * few MiB of it, bodies cost a fifth of all processor time.
 */
function giveBack(chunk: Buffer<ArrayBufferLike>): void {
  const memory = chunk.buffer;
  if (memory instanceof ArrayBuffer && memory.byteLength === chunk.length) memory.transfer(0);
}

function expectsContinue(request: FastifyRequest): boolean {
  return request.raw.httpVersion === "1.1" && /100-continue/i.test(request.headers.expect ?? "");
}

function collect(
  request: IncomingMessage,
  pool: BufferPool,
  bytesExpected: number,
  hold: (bytes: number) => void,
): Promise<ReadBody> {
  return new Promise((resolve, reject) => {
    let buffer = pool.take(bytesExpected);
    let end = 0;
    let isOver = false;
    const add = (chunk: Buffer) => {
      if (end + chunk.length > buffer.length) {
        const larger = pool.take(Math.max(end + chunk.length, buffer.length * 2));
        buffer.copy(larger, 0, 0, end);
        pool.give(buffer);
        buffer = larger;
      }
      end += chunk.copy(buffer, end);
      giveBack(chunk);
    };
    const onData = (chunk: Buffer) => {
      try {
        hold(chunk.length);
        add(chunk);
      } catch (error) {
        fail(error);
        request.resume();
      }
    };
    const onEnd = () => {
      finish();
      resolve({ bytes: buffer.subarray(0, end), release: () => pool.give(buffer) });
    };
    const onClose = () =>
      fail(new AppError("malformed_request", { message: "The connection ended before the body did." }));
    const onError = (error: unknown) => (error instanceof AppError ? fail(error) : onClose());
    const fail = (error: unknown) => {
      // The connection of a body that was refused or read may still break: its buffer has another user by then.
      if (isOver) return;
      finish();
      pool.give(buffer);
      reject(error);
    };
    const finish = () => {
      isOver = true;
      request.off("data", onData).off("end", onEnd).off("close", onClose);
    };
    // Stays, because an error of the socket that nobody listens to would end the process.
    request.on("error", onError);
    request.on("data", onData).on("end", onEnd).on("close", onClose);
    // Whoever went away while it was decided about them sends no event any more.
    if (request.destroyed) onClose();
  });
}

function tooLarge(bytesMax: number): AppError {
  return new AppError("body_too_large", { message: `The body exceeds ${bytesMax} bytes.` });
}
