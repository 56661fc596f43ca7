import * as schemas from "@aws-sdk/client-cloudtrail";
import { defineService } from "../service-model.ts";

/** CloudTrail. */
export const model = defineService({
  name: "cloudtrail",
  namespace: "com.amazonaws.cloudtrail",
  target: "CloudTrail_20131101",
  version: "2013-11-01",
  xmlNamespace: "http://cloudtrail.amazonaws.com/doc/2013-11-01/",
  dialects: ["aws-json-1.1"],
  validation: "ValidationException",
  authentication: "json",
  schemas,
});
