/**
 * The AWS wire protocols from the server's side: bytes to an operation with its input, a result or an error to
 * bytes, and verification of Signature Version 4. Shapes come from the schemas that the AWS SDK clients export;
 * nothing here is written per operation. This area knows no store, no user and no policy: secrets are looked up
 * through a function that is handed in. Whatever a caller sends ends in a ProtocolError, never in another throw.
 */
export { targetOf } from "./aws-json/read.ts";
export { speaksQuery } from "./aws-query/dialect.ts";
export type { Dialect, OpenedRequest } from "./dialect.ts";
export { openRequest, type ReadOperation, readRequest, selectDialect } from "./dialects.ts";
export { isServiceName, loadServiceModel, type ServiceName } from "./models.ts";
export { type Fault, ProtocolError } from "./protocol-error.ts";
export type {
  AuthenticationStyle,
  DialectId,
  ErrorModel,
  OperationModel,
  ServiceModel,
  ValidationStyle,
} from "./service-model.ts";
export { type Authorization, isFailure, parseAuthorization } from "./sigv4/authorization.ts";
export { type SigV4Failure, type SigV4FailureReason, sigV4Error } from "./sigv4/failures.ts";
export {
  type SigningSecret,
  type SigV4Identity,
  type SigV4Options,
  type SigV4Outcome,
  unknownKey,
  verifySigV4,
} from "./sigv4/verify.ts";
export { defaultWireLimits, type WireLimits, type WireRequest, type WireResponse } from "./wire.ts";
