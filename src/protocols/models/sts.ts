import * as schemas from "@aws-sdk/client-sts";
import { defineService } from "../service-model.ts";

/** Security Token Service. */
export const model = defineService({
  name: "sts",
  namespace: "com.amazonaws.sts",
  target: "AWSSecurityTokenServiceV20110615",
  version: "2011-06-15",
  xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  dialects: ["aws-query"],
  validation: "ValidationError",
  authentication: "query",
  schemas,
});
