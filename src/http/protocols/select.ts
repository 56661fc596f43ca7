import type { Protocol } from "./protocol.ts";
import { rest } from "./rest.ts";
import { wavefront } from "./wavefront.ts";

/** Decided by the path alone, so that an unknown path is answered in the right form too. */
export function protocolOf(path: string): Protocol {
  const isWavefront = /^\/api\/(v2|external)(\/|$)/.test(path);
  return isWavefront ? wavefront : rest;
}
