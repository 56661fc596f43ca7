import * as schemas from "@aws-sdk/client-s3";
import { defineService } from "../service-model.ts";

/** Simple Storage Service. */
export const model = defineService({
  name: "s3",
  namespace: "com.amazonaws.s3",
  target: "AmazonS3",
  version: "2006-03-01",
  xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
  dialects: ["rest-xml"],
  validation: "ValidationError",
  authentication: "s3",
  schemas,
});
