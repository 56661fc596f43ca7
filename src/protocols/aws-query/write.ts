import { errorIdentity } from "../error-identity.ts";
import type { ProtocolError } from "../protocol-error.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";
import type { WireResponse } from "../wire.ts";
import { element, escapeXml, writeXmlMembers } from "../write-xml.ts";
import type { QueryFlavour } from "./flavour.ts";

const encoder = new TextEncoder();

/** `<XResponse><XResult>…</XResult><ResponseMetadata>…`; EC2 has no result element and its own request id. */
export function writeQueryResult(
  flavour: QueryFlavour,
  model: ServiceModel,
  operation: OperationModel,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): WireResponse {
  const unit = operation.output.isUnitSchema();
  const members = unit ? "" : writeXmlMembers(operation.output, output);
  const content =
    flavour.id === "ec2-query"
      ? element("requestId", requestId) + members
      : (unit ? "" : element(`${operation.name}Result`, members)) +
        element("ResponseMetadata", element("RequestId", requestId));
  return xmlResponse(200, requestId, element(`${operation.name}Response`, content, model.xmlNamespace));
}

export function writeQueryError(
  flavour: QueryFlavour,
  model: ServiceModel,
  error: ProtocolError,
  requestId: string,
): WireResponse {
  const code = element("Code", escapeXml(errorIdentity(model, error).queryCode));
  const message = element("Message", escapeXml(error.message));
  const xml =
    flavour.id === "ec2-query"
      ? element(
          "Response",
          element("Errors", element("Error", code + message)) + element("RequestID", requestId),
        )
      : element(
          "ErrorResponse",
          element("Error", element("Type", error.fault) + code + message) + element("RequestId", requestId),
          model.xmlNamespace,
        );
  return xmlResponse(error.status, requestId, xml, error.headers);
}

function xmlResponse(
  status: number,
  requestId: string,
  xml: string,
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  return {
    status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId, ...headers },
    body: encoder.encode(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`),
  };
}
