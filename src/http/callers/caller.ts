import type { FastifyRequest } from "fastify";
import { AppError } from "../../base/index.ts";
import { resolveAuthTokenHeader } from "./auth-token-header.ts";
import { resolveBearer } from "./bearer.ts";
import type { CallerDeps, CallerMethod, ResolvedCaller } from "./method.ts";
import { resolveSessionCookie } from "./session-cookie.ts";

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
