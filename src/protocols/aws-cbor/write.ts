import { CborCodec, cbor } from "@smithy/core/cbor";
import { errorIdentity, queryErrorHeader } from "../error-identity.ts";
import type { ProtocolError } from "../protocol-error.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";
import type { WireResponse } from "../wire.ts";

export function writeCborResult(
  operation: OperationModel,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): WireResponse {
  const serializer = new CborCodec().createSerializer();
  serializer.write(operation.output, operation.output.isUnitSchema() ? {} : output);
  return { status: 200, headers: cborHeaders(requestId), body: serializer.flush() };
}

export function writeCborError(model: ServiceModel, error: ProtocolError, requestId: string): WireResponse {
  const { typeId } = errorIdentity(model, error);
  return {
    status: error.status,
    headers: { ...cborHeaders(requestId), ...queryErrorHeader(model, error), ...error.headers },
    body: cbor.serialize({ ...error.members, __type: typeId, message: error.message }),
  };
}

function cborHeaders(requestId: string): Record<string, string> {
  return {
    "content-type": "application/cbor",
    "smithy-protocol": "rpc-v2-cbor",
    "x-amzn-requestid": requestId,
  };
}
