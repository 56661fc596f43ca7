import { timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { AppError } from "../../base/index.ts";

const safeMethods = new Set(["GET", "HEAD"]);

/**
 * A change under a session cookie must come from our own pages, and carry the token that only they can read. Throws
 * `csrf_rejected`.
 */
export function checkCsrf(request: FastifyRequest, csrfToken: string, publicUrl?: string): void {
  if (safeMethods.has(request.method)) return;
  checkOrigin(request, publicUrl);
  const sent = request.headers["x-csrf-token"];
  if (typeof sent !== "string" || !equals(sent, csrfToken)) {
    throw new AppError("csrf_rejected", {
      message: "A change under a session needs the header X-CSRF-Token; GET /api/v1/session has its value.",
    });
  }
}

/** Signing in has no token yet; another site must not sign its visitors in as somebody else. Throws `csrf_rejected`. */
export function checkOrigin(request: FastifyRequest, publicUrl?: string): void {
  const site = request.headers["sec-fetch-site"];
  const origin = request.headers.origin;
  const crossSite = site !== undefined && site !== "same-origin" && site !== "none";
  if (crossSite || (origin !== undefined && !isOwnOrigin(origin, request.headers.host, publicUrl))) {
    throw new AppError("csrf_rejected", { message: "The request came from a page of another origin." });
  }
}

/** A proxy may end TLS before us, so the scheme of `Origin` tells nothing; the host has to be the one that was asked. */
function isOwnOrigin(origin: string, host = "", publicUrl = ""): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  // Read with the same scheme, so that a port that is its default does not count.
  const own = [`${protocol}//${host}`, publicUrl].filter((url) => URL.canParse(url));
  return originHost !== "" && own.some((url) => new URL(url).host === originHost);
}

function equals(sent: string, expected: string): boolean {
  const [a, b] = [Buffer.from(sent), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
