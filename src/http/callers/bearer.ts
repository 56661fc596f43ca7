import { AppError } from "../../base/index.ts";
import type { CallerMethod } from "./method.ts";

/** `Authorization: Bearer …`; other schemes are not ours. */
export const resolveBearer: CallerMethod = async (request, { tokens }) => {
  const value = bearerValueOf(request.headers.authorization);
  if (value === undefined) return undefined;
  const principal = await tokens.resolve(value);
  if (!principal) throw new AppError("unauthenticated");
  return { principal };
};

export function bearerValueOf(header: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(header ?? "")?.[1];
}
