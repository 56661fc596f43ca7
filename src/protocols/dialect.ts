import type { ProtocolError } from "./protocol-error.ts";
import type { DialectId, OperationModel, ServiceModel } from "./service-model.ts";
import type { WireLimits, WireRequest, WireResponse } from "./wire.ts";

/** A request whose operation is known and whose input is still bytes. */
export interface OpenedRequest {
  readonly operation: OperationModel;
  /** The operation's input in the shape of its schema: dates are `Date`, blobs are `Uint8Array`. */
  readInput(): Record<string, unknown>;
}

/**
 * A wire protocol is its id, a way to recognise its requests, one to read them, and one to write a result
 * or an error. Opening and reading throw a ProtocolError for whatever the caller did wrong.
 */
export interface Dialect {
  readonly id: DialectId;
  claims(model: ServiceModel, request: WireRequest): boolean;
  open(model: ServiceModel, request: WireRequest, limits: WireLimits): OpenedRequest;
  writeResult(
    model: ServiceModel,
    operation: OperationModel,
    output: Readonly<Record<string, unknown>>,
    requestId: string,
  ): WireResponse;
  writeError(model: ServiceModel, error: ProtocolError, requestId: string): WireResponse;
}
