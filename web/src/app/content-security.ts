import { config } from "zod";

/** The nonce of this page, which its Content-Security-Policy demands of every style element. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}

/**
 * Makes the libraries live with the policy: the one that locks scrolling under overlays reads its nonce from this global,
 * and zod would probe for `eval`, which the policy forbids and reports.
 */
export function obeyContentSecurityPolicy(): void {
  Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
  config({ jitless: true });
}
