import * as schemas from "@aws-sdk/client-ec2";
import { defineService } from "../service-model.ts";

/** Elastic Compute Cloud. */
export const model = defineService({
  name: "ec2",
  namespace: "com.amazonaws.ec2",
  target: "AmazonEC2",
  version: "2016-11-15",
  xmlNamespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
  dialects: ["ec2-query"],
  validation: "MissingParameter",
  authentication: "ec2",
  fractions: [
    "Amount",
    "FulfilledCapacity",
    "Max",
    "Min",
    "OnDemandFulfilledCapacity",
    "Price",
    "Priority",
    "UploadSize",
    "Weight",
    "WeightedCapacity",
  ],
  schemas,
});
