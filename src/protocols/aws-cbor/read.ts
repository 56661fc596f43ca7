import { CborCodec } from "@smithy/core/cbor";
import { malformedBecomesSerialization } from "../aws-json/read.ts";
import { checkInput } from "../check-input.ts";
import type { OpenedRequest } from "../dialect.ts";
import { ProtocolError } from "../protocol-error.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";
import type { WireLimits, WireRequest } from "../wire.ts";
import { assertWellFormed } from "./well-formed.ts";

/** The path names the operation: `/service/<target>/operation/<Operation>`. */
export function openCbor(model: ServiceModel, request: WireRequest, limits: WireLimits): OpenedRequest {
  const name = request.path.split("/").at(-1) ?? "";
  const operation = model.operations.get(name);
  if (!operation) throw new ProtocolError("UnknownOperationException", "The operation is not known.");
  return { operation, readInput: () => readInput(model, operation, request.body, limits) };
}

function readInput(
  model: ServiceModel,
  { input: schema }: OperationModel,
  body: Uint8Array,
  limits: WireLimits,
): Record<string, unknown> {
  if (body.byteLength === 0) {
    checkInput(model, schema, {});
    return {};
  }
  assertWellFormed(body, limits.depthMax);
  const deserializer = new CborCodec().createDeserializer();
  const input = malformedBecomesSerialization(() => deserializer.read(schema, body));
  checkInput(model, schema, input);
  return input as Record<string, unknown>;
}
