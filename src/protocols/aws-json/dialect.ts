import type { Dialect } from "../dialect.ts";
import { openJson, targetOf } from "./read.ts";
import { writeJsonError, writeJsonResult } from "./write.ts";

/** AWS JSON 1.0 and 1.1 differ in the content type only. */
function createJsonDialect(version: "1.0" | "1.1"): Dialect {
  const contentType = `application/x-amz-json-${version}`;
  return {
    id: `aws-json-${version}`,
    claims: (model, request) => targetOf(request)?.service === model.target,
    open: openJson,
    writeResult: (_model, operation, output, requestId) =>
      writeJsonResult(contentType, operation, output, requestId),
    writeError: (model, error, requestId) => writeJsonError(contentType, model, error, requestId),
  };
}

export const awsJson10: Dialect = createJsonDialect("1.0");
export const awsJson11: Dialect = createJsonDialect("1.1");
