import type { Dialect } from "../dialect.ts";
import type { WireRequest } from "../wire.ts";
import { ec2Flavour, type QueryFlavour, queryFlavour } from "./flavour.ts";
import { openQuery } from "./read.ts";
import { writeQueryError, writeQueryResult } from "./write.ts";

/** A form, or the parameter Action in the query. */
export function speaksQuery({ method, headers, query }: WireRequest): boolean {
  const isForm = /^application\/x-www-form-urlencoded/i.test(headers["content-type"] ?? "");
  const namesAction = /(^|&)Action=/.test(query);
  return (method === "POST" && (isForm || namesAction)) || (method === "GET" && namesAction);
}

function createQueryDialect(flavour: QueryFlavour): Dialect {
  return {
    id: flavour.id,
    claims: (_model, request) => speaksQuery(request),
    open: (model, request, limits) => openQuery(flavour, model, request, limits),
    writeResult: (model, operation, output, requestId) =>
      writeQueryResult(flavour, model, operation, output, requestId),
    writeError: (model, error, requestId) => writeQueryError(flavour, model, error, requestId),
  };
}

export const awsQuery: Dialect = createQueryDialect(queryFlavour);
export const ec2Query: Dialect = createQueryDialect(ec2Flavour);
