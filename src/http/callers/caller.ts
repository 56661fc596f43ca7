import type { FastifyRequest } from "fastify";
import { AppError } from "../../base/index.ts";
import type { Principal } from "../../contract/index.ts";
import type { SessionService, TokenService } from "../services.ts";
import { resolveAuthTokenHeader } from "./auth-token-header.ts";
import { resolveBearer } from "./bearer.ts";
import { resolveSessionCookie } from "./session-cookie.ts";

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

/** In the order in which they are asked. */
const methods: readonly CallerMethod[] = [resolveSessionCookie, resolveBearer, resolveAuthTokenHeader];

/** Throws `unauthenticated`. */
export async function resolveCaller(request: FastifyRequest, deps: CallerDeps): Promise<ResolvedCaller> {
  for (const method of methods) {
    const caller = await method(request, deps);
    if (caller) return caller;
  }
  throw new AppError("unauthenticated");
}
