import type { FastifyRequest } from "fastify";
import type { AppError } from "../../base/index.ts";
import type { Principal } from "../../contract/index.ts";
import type { Route } from "../route.ts";

/** What the hooks learn about a request, for those after them and for the log line at the end. */
export interface RequestState {
  readonly startedAt: number;
  caller?: Principal;
  session?: { readonly csrfToken: string; readonly expiresAt: Date };
  /** What the caller was told. */
  error?: AppError;
}

/** A path that serves no operation: health, pages, documentation. Each says what it is. */
export type OpenPurpose = "health" | "page" | "documentation";

declare module "fastify" {
  interface FastifyRequest {
    state: RequestState;
  }
  interface FastifyContextConfig {
    route?: Route;
    open?: OpenPurpose;
  }
}

export function routeOf(request: FastifyRequest): Route | undefined {
  return request.routeOptions.config.route;
}

/** The path without its query, which may hold what should not be logged. */
export function pathOf(request: FastifyRequest): string {
  const target = request.raw.url ?? "/";
  const end = target.search(/[?#]/);
  return end < 0 ? target : target.slice(0, end);
}
