import type { ProtocolError } from "./protocol-error.ts";
import type { ServiceModel } from "./service-model.ts";

/** The names under which one error travels: its shape (JSON, CBOR), and its code (query, XML). */
export function errorIdentity(
  model: ServiceModel,
  error: ProtocolError,
): { shapeName: string; queryCode: string; typeId: string } {
  const modelled = model.findError(error.code);
  const shapeName = modelled?.shapeName ?? error.code;
  return {
    shapeName,
    queryCode: modelled?.queryCode ?? error.code,
    typeId: modelled ? `${model.namespace}#${shapeName}` : shapeName,
  };
}

/** Clients of a service that moved away from the query protocol still expect that protocol's codes. */
export function queryErrorHeader(model: ServiceModel, error: ProtocolError): Record<string, string> {
  if (!model.queryCompatible) return {};
  return { "x-amzn-query-error": `${errorIdentity(model, error).queryCode};${error.fault}` };
}
