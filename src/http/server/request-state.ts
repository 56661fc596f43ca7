import type { FastifyRequest } from "fastify";
import type { AppError } from "../../base/index.ts";
import type { AccessQuestion, Principal } from "../../contract/index.ts";
import type { Route } from "../route.ts";
import type { WriteError } from "./error-form.ts";

/** What the hooks learn about a request, for those after them and for the log line at the end. */
export interface RequestState {
  readonly startedAt: number;
  /** Whether nobody could listen on the way to us. */
  readonly secure: boolean;
  caller?: Principal;
  /** Where the route does not tell it. */
  operation?: string;
  /** What policies were asked, which is what the call does and is about. */
  questions?: readonly AccessQuestion[];
  session?: { readonly csrfToken: string; readonly expiresAt: Date };
  /** What the caller was told. */
  error?: AppError;
  /** The name it was told by, where that is none of ours. */
  errorCode?: string;
}

/** A path that belongs to no single operation: health, pages, documentation, the AWS APIs. Each says what it is. */
export type OpenPurpose = "health" | "page" | "documentation" | "aws-api" | "ingest";

declare module "fastify" {
  interface FastifyRequest {
    state: RequestState;
  }
  interface FastifyContextConfig {
    route?: Route;
    open?: OpenPurpose;
    /** Where this path is told of errors in words of its own. */
    writeError?: WriteError;
  }
}

export function routeOf(request: FastifyRequest): Route | undefined {
  return request.routeOptions.config.route;
}

/** The name for the log line and the metrics. */
export function operationOf(request: FastifyRequest): string | undefined {
  return request.state.operation ?? routeOf(request)?.operation ?? request.routeOptions.config.open;
}

/** The path without its query, which may hold what should not be logged. */
export function pathOf(request: FastifyRequest): string {
  const target = request.raw.url ?? "/";
  const end = target.search(/[?#]/);
  return end < 0 ? target : target.slice(0, end);
}
