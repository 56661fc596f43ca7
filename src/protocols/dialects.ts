import { awsCbor } from "./aws-cbor/dialect.ts";
import { awsJson10, awsJson11 } from "./aws-json/dialect.ts";
import { awsQuery, ec2Query } from "./aws-query/dialect.ts";
import type { Dialect, OpenedRequest } from "./dialect.ts";
import { ProtocolError } from "./protocol-error.ts";
import { restXml } from "./rest-xml/dialect.ts";
import type { DialectId, OperationModel, ServiceModel } from "./service-model.ts";
import type { WireLimits, WireRequest } from "./wire.ts";

const dialects: Readonly<Record<DialectId, Dialect>> = {
  "aws-json-1.0": awsJson10,
  "aws-json-1.1": awsJson11,
  "aws-query": awsQuery,
  "ec2-query": ec2Query,
  "rpc-v2-cbor": awsCbor,
  "rest-xml": restXml,
};

/** The dialect a request is written in, so that even a refusal is worded in the caller's own. */
export function selectDialect(model: ServiceModel, request: WireRequest): Dialect {
  return claimant(model, request) ?? fallback(model);
}

export interface ReadOperation {
  readonly operation: OperationModel;
  readonly input: Record<string, unknown>;
}

/** Reads the request in the dialect it is written in. Throws a ProtocolError for whatever the caller did wrong. */
export function readRequest(model: ServiceModel, request: WireRequest, limits: WireLimits): ReadOperation {
  const { operation, readInput } = openRequest(model, request, limits);
  return { operation, input: readInput() };
}

/** As readRequest, for those who want to know the operation before they look at its input. */
export function openRequest(model: ServiceModel, request: WireRequest, limits: WireLimits): OpenedRequest {
  if (request.body.byteLength > limits.bodyBytesMax)
    throw new ProtocolError(
      "RequestEntityTooLargeException",
      `The body exceeds ${limits.bodyBytesMax} bytes.`,
      {
        status: 413,
      },
    );
  const dialect = claimant(model, request);
  if (!dialect) throw noOperation(model);
  return dialect.open(model, request, limits);
}

function claimant(model: ServiceModel, request: WireRequest): Dialect | undefined {
  return model.dialects.map((id) => dialects[id]).find((dialect) => dialect.claims(model, request));
}

/** A form without an action is told so by its dialect; this is in the words of those that speak nothing else. */
function noOperation(model: ServiceModel): ProtocolError {
  return fallback(model).id === "aws-query"
    ? new ProtocolError("MissingAction", "No action was supplied with this request.")
    : new ProtocolError("UnknownOperationException", "The request names no operation.", { status: 404 });
}

function fallback(model: ServiceModel): Dialect {
  return dialects[model.dialects.at(-1) ?? "aws-json-1.1"];
}
