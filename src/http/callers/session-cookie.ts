import type { CallerMethod } from "./method.ts";

/** A browser keeps sending the cookie of a session that is over: that is no proof, so the others are still asked. */
export const resolveSessionCookie: CallerMethod = async (request, { sessions, cookieName }) => {
  const value = request.cookies[cookieName];
  if (value === undefined) return undefined;
  const resolved = await sessions.resolve(value);
  if (!resolved) return undefined;
  const { principal, csrfToken, expiresAt } = resolved;
  return { principal, session: { csrfToken, expiresAt } };
};
