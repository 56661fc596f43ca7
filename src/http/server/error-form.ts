import type { FastifyRequest } from "fastify";
import type { AppError } from "../../base/index.ts";

/** An error as its reader expects it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** In the words of the request's path. Notes in the request's state what was told. */
export type WriteError = (error: unknown, request: FastifyRequest) => ErrorAnswer;

/** How a listener tells errors wherever a route has no words of its own. */
export interface ErrorForm {
  readonly write: WriteError;
  /** For bytes that never became a request. */
  readonly writeUnread: (error: AppError, requestId: string) => ErrorAnswer;
}
