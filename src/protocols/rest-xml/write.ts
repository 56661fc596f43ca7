import { errorIdentity } from "../error-identity.ts";
import type { ProtocolError } from "../protocol-error.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";
import type { WireResponse } from "../wire.ts";
import { element, escapeXml, writeXmlMembers } from "../write-xml.ts";

const encoder = new TextEncoder();

/** Members bound to headers travel there, all others in one XML document named after the output. */
export function writeRestXmlResult(
  model: ServiceModel,
  operation: OperationModel,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): WireResponse {
  const headers: Record<string, string> = { "x-amz-request-id": requestId };
  const bodyMembers: Record<string, unknown> = { ...output };
  let hasBody = false;
  for (const [name, member] of operation.output.structIterator()) {
    const header = (member.getMergedTraits() as { httpHeader?: string }).httpHeader;
    if (header === undefined) hasBody = true;
    else {
      delete bodyMembers[name];
      if (output[name] !== undefined) headers[header.toLowerCase()] = String(output[name]);
    }
  }
  if (!hasBody) return { status: operation.http?.[2] ?? 200, headers, body: new Uint8Array() };
  const root =
    (operation.output.getMergedTraits() as { xmlName?: string }).xmlName ?? `${operation.name}Result`;
  return {
    status: operation.http?.[2] ?? 200,
    headers: { ...headers, "content-type": "application/xml" },
    body: encodeDocument(element(root, writeXmlMembers(operation.output, bodyMembers), model.xmlNamespace)),
  };
}

export function writeRestXmlError(
  model: ServiceModel,
  error: ProtocolError,
  requestId: string,
): WireResponse {
  const { queryCode } = errorIdentity(model, error);
  return {
    status: error.status,
    headers: { "content-type": "application/xml", "x-amz-request-id": requestId, ...error.headers },
    body: encodeDocument(
      element(
        "Error",
        element("Code", escapeXml(queryCode)) +
          element("Message", escapeXml(error.message)) +
          element("RequestId", requestId),
      ),
    ),
  };
}

function encodeDocument(xml: string): Uint8Array {
  return encoder.encode(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
}
