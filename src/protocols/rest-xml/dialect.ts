import type { Dialect } from "../dialect.ts";
import { openRestXml } from "./read.ts";
import { writeRestXmlError, writeRestXmlResult } from "./write.ts";

/** REST with XML bodies, as S3 speaks it with path-style addresses. */
export const restXml: Dialect = {
  id: "rest-xml",
  claims: () => true,
  open: openRestXml,
  writeResult: writeRestXmlResult,
  writeError: writeRestXmlError,
};
