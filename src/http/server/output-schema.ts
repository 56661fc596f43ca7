import { z } from "zod";
import { envelope, errorCodes, responseStatus } from "../../contract/index.ts";
import { protocolOf } from "../protocols/select.ts";
import type { Route } from "../route.ts";

interface Answer {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
}

/** Answers by status, as the HTTP library checks them and the documentation shows them. */
export function answersOf(route: Route): { readonly 200: Answer; readonly default: Answer } {
  const isWavefront = protocolOf(route.path).name === "wavefront";
  const error = isWavefront ? wavefrontError : restError;
  return {
    200: { description: "Success.", content: successContent(route, isWavefront) },
    default: {
      description: "Failure; docs/reference/errors.md lists the codes.",
      content: { "application/json": { schema: error } },
    },
  };
}

function successContent(route: Route, isWavefront: boolean): Answer["content"] {
  if (route.textType) return { [mediaTypeOf(route.textType)]: { schema: z.string() } };
  const schema = isWavefront ? envelope(route.output) : route.output;
  const json = { "application/json": { schema } };
  return route.csv ? { ...json, "text/csv": { schema: z.string() } } : json;
}

function mediaTypeOf(contentType: string): string {
  return contentType.split(";")[0] ?? contentType;
}

export const restError = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(errorCodes) as [keyof typeof errorCodes]),
      message: z.string(),
      fields: z.array(z.object({ path: z.string(), message: z.string() })),
      requestId: z.string(),
    }),
  })
  .describe("An error; docs/reference/errors.md lists the codes.");

export const wavefrontError = z
  .object({ status: responseStatus })
  .describe("An error in Wavefront's envelope.");
