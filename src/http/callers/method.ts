import type { FastifyRequest } from "fastify";
import type { Principal } from "../../contract/index.ts";
import type { SessionService, TokenService } from "../services.ts";

export interface ResolvedCaller {
  readonly principal: Principal;
  readonly session?: { readonly csrfToken: string; readonly expiresAt: Date };
}

export interface CallerDeps {
  readonly sessions: SessionService;
  readonly tokens: TokenService;
  readonly cookieName: string;
}

/** Gives a caller, nothing (the request has no proof of this kind), or throws `unauthenticated` (it has, and it is bad). */
export type CallerMethod = (request: FastifyRequest, deps: CallerDeps) => Promise<ResolvedCaller | undefined>;
