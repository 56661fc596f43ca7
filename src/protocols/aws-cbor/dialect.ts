import type { Dialect } from "../dialect.ts";
import { openCbor } from "./read.ts";
import { writeCborError, writeCborResult } from "./write.ts";

/** Smithy RPC v2 with CBOR bodies: what boto3 and the AWS CLI speak to CloudWatch. */
export const awsCbor: Dialect = {
  id: "rpc-v2-cbor",
  claims: (model, request) =>
    request.headers["smithy-protocol"] === "rpc-v2-cbor" &&
    request.path.includes(`/service/${model.target}/operation/`),
  open: openCbor,
  writeResult: (_model, operation, output, requestId) => writeCborResult(operation, output, requestId),
  writeError: writeCborError,
};
