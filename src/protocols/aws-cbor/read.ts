import { CborCodec } from "@smithy/core/cbor";
import { malformedBecomesSerialization } from "../aws-json/read.ts";
import { checkInput } from "../check-input.ts";
import type { ReadOperation } from "../dialect.ts";
import { ProtocolError } from "../protocol-error.ts";
import type { ServiceModel } from "../service-model.ts";
import type { WireLimits, WireRequest } from "../wire.ts";
import { assertWellFormed } from "./well-formed.ts";

/** The path names the operation: `/service/<target>/operation/<Operation>`. */
export function readCbor(model: ServiceModel, request: WireRequest, limits: WireLimits): ReadOperation {
  const name = request.path.split("/").at(-1) ?? "";
  const operation = model.operations.get(name);
  if (!operation) throw new ProtocolError("UnknownOperationException", "The operation is not known.");
  if (request.body.byteLength === 0) {
    checkInput(model, operation.input, {});
    return { operation, input: {} };
  }
  assertWellFormed(request.body, limits.depthMax);
  const deserializer = new CborCodec().createDeserializer();
  const input = malformedBecomesSerialization(() => deserializer.read(operation.input, request.body));
  checkInput(model, operation.input, input);
  return { operation, input: input as Record<string, unknown> };
}
