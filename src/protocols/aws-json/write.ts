import { JsonCodec } from "@aws-sdk/core/protocols";
import { errorIdentity, queryErrorHeader } from "../error-identity.ts";
import type { ProtocolError } from "../protocol-error.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";
import type { WireResponse } from "../wire.ts";
import { jsonSettings } from "./read.ts";

const encoder = new TextEncoder();

/** An operation without output answers with no body at all, as AWS does; clients take that and `{}` alike. */
export function writeJsonResult(
  contentType: string,
  operation: OperationModel,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): WireResponse {
  return {
    status: 200,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId },
    body: operation.output.isUnitSchema() ? new Uint8Array() : serialize(operation, output),
  };
}

function serialize(operation: OperationModel, output: Readonly<Record<string, unknown>>): Uint8Array {
  const serializer = new JsonCodec(jsonSettings).createSerializer();
  serializer.write(operation.output, output);
  return encoder.encode(serializer.flush());
}

export function writeJsonError(
  contentType: string,
  model: ServiceModel,
  error: ProtocolError,
  requestId: string,
): WireResponse {
  const identity = errorIdentity(model, error);
  return {
    status: error.status,
    headers: {
      "content-type": contentType,
      "x-amzn-requestid": requestId,
      "x-amzn-errortype": identity.shapeName,
      ...queryErrorHeader(model, error),
      ...error.headers,
    },
    body: encoder.encode(
      JSON.stringify({
        ...error.members,
        __type: identity.typeId,
        message: error.message,
        Message: error.message,
      }),
    ),
  };
}
