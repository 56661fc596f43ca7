import { z } from "zod";
import { envelope, errorCodes, responseStatus } from "../../contract/index.ts";
import { protocolOf } from "../protocols/select.ts";
import type { Route } from "../route.ts";

/** The success body as it goes over the wire. */
export function outputSchema(route: Route): z.ZodType {
  if (route.textType) return z.string();
  return protocolOf(route.path).name === "wavefront" ? envelope(route.output) : route.output;
}

export function errorAnswer(route: Route): z.ZodType {
  return protocolOf(route.path).name === "wavefront" ? wavefrontError : restError;
}

const restError = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(errorCodes) as [keyof typeof errorCodes]),
      message: z.string(),
      fields: z.array(z.object({ path: z.string(), message: z.string() })),
      requestId: z.string(),
    }),
  })
  .describe("An error; docs/reference/errors.md lists the codes.");

const wavefrontError = z.object({ status: responseStatus }).describe("An error in Wavefront's envelope.");
