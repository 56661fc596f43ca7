import type { ProtocolError } from "./protocol-error.ts";
import type { DialectId, OperationModel, ServiceModel } from "./service-model.ts";
import type { WireLimits, WireRequest, WireResponse } from "./wire.ts";

export interface ReadOperation {
  readonly operation: OperationModel;
  /** The operation's input in the shape of its schema: dates are `Date`, blobs are `Uint8Array`. */
  readonly input: Record<string, unknown>;
}

/**
 * A wire protocol is its id, a way to recognise its requests, one to read them, and one to write a result
 * or an error. Reading throws a ProtocolError for whatever the caller did wrong.
 */
export interface Dialect {
  readonly id: DialectId;
  claims(model: ServiceModel, request: WireRequest): boolean;
  read(model: ServiceModel, request: WireRequest, limits: WireLimits): ReadOperation;
  writeResult(
    model: ServiceModel,
    operation: OperationModel,
    output: Readonly<Record<string, unknown>>,
    requestId: string,
  ): WireResponse;
  writeError(model: ServiceModel, error: ProtocolError, requestId: string): WireResponse;
}
