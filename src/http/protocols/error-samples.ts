import { AppError } from "../../base/index.ts";
import { type ErrorCode, errorCodes } from "../../contract/index.ts";
import { rest } from "./rest.ts";
import { wavefront } from "./wavefront.ts";

/** Every error code as each protocol writes it; the golden files are made of these. */
export function errorSamples(): Record<string, Record<string, unknown>> {
  const codes = Object.keys(errorCodes) as ErrorCode[];
  return Object.fromEntries(
    [rest, wavefront].map((protocol) => [
      protocol.name,
      Object.fromEntries(codes.map((code) => [code, protocol.writeError(sampleOf(code), "request-id")])),
    ]),
  );
}

/** With what must never be shown, so that the golden files prove that it is not. */
function sampleOf(code: ErrorCode): AppError {
  const fields = code === "validation_failed" ? [{ path: "name", message: "A name is needed." }] : [];
  return new AppError(code, { fields, detail: { internal: "never shown" }, cause: new Error("never shown") });
}
