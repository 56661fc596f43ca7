import { AppError } from "../../base/index.ts";
import { bearerValueOf } from "./bearer.ts";
import type { CallerMethod } from "./method.ts";

const names = ["x-auth-token", "x-wavefront-token"];

/** The headers of Wavefront's clients, whose value may carry the scheme as well. */
export const resolveAuthTokenHeader: CallerMethod = async (request, { tokens }) => {
  const header = names.map((name) => request.headers[name]).find((value) => typeof value === "string");
  if (typeof header !== "string") return undefined;
  const principal = await tokens.resolve(bearerValueOf(header) ?? header.trim());
  if (!principal) throw new AppError("unauthenticated");
  return { principal };
};
