import * as schemas from "@aws-sdk/client-cost-explorer";
import { defineService } from "../service-model.ts";

/** Cost Explorer. */
export const model = defineService({
  name: "ce",
  namespace: "com.amazonaws.costexplorer",
  target: "AWSInsightsIndexService",
  version: "2017-10-25",
  xmlNamespace: "",
  dialects: ["aws-json-1.1"],
  validation: "ValidationException",
  authentication: "json",
  fractions: ["EndValue", "SavingsPlansCommitment", "StartValue", "Threshold"],
  schemas,
});
