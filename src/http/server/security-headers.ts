import type { FastifyReply } from "fastify";

/** For answers that no browser should render. */
const apiPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** For the pages of the console; the nonce admits the style sheet that the UI library writes at run time. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");
}

/** On every answer; a page replaces the content security policy by its own. */
export function setSecurityHeaders(reply: FastifyReply, options: { https: boolean }): void {
  void reply.headers({
    "Content-Security-Policy": apiPolicy,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
  });
  if (options.https) void reply.header("Strict-Transport-Security", "max-age=31536000");
}
