import * as schemas from "@aws-sdk/client-iam";
import { defineService } from "../service-model.ts";

/** Identity and Access Management. */
export const model = defineService({
  name: "iam",
  namespace: "com.amazonaws.iam",
  target: "AWSIdentityManagementV20100508",
  version: "2010-05-08",
  xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/",
  dialects: ["aws-query"],
  validation: "ValidationError",
  authentication: "query",
  schemas,
});
