import type { Dialect } from "../dialect.ts";
import { ec2Flavour, type QueryFlavour, queryFlavour } from "./flavour.ts";
import { openQuery } from "./read.ts";
import { writeQueryError, writeQueryResult } from "./write.ts";

function createQueryDialect(flavour: QueryFlavour): Dialect {
  return {
    id: flavour.id,
    claims: (_model, request) =>
      (request.method === "POST" &&
        /^application\/x-www-form-urlencoded/i.test(request.headers["content-type"] ?? "")) ||
      ((request.method === "GET" || request.method === "POST") && /(^|&)Action=/.test(request.query)),
    open: (model, request, limits) => openQuery(flavour, model, request, limits),
    writeResult: (model, operation, output, requestId) =>
      writeQueryResult(flavour, model, operation, output, requestId),
    writeError: (model, error, requestId) => writeQueryError(flavour, model, error, requestId),
  };
}

export const awsQuery: Dialect = createQueryDialect(queryFlavour);
export const ec2Query: Dialect = createQueryDialect(ec2Flavour);
