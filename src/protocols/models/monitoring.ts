import * as schemas from "@aws-sdk/client-cloudwatch";
import { defineService } from "../service-model.ts";

/** CloudWatch. The SDK for JavaScript speaks JSON, botocore and the AWS CLI CBOR, older clients query. */
export const model = defineService({
  name: "monitoring",
  namespace: "com.amazonaws.cloudwatch",
  target: "GraniteServiceVersion20100801",
  version: "2010-08-01",
  xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  dialects: ["rpc-v2-cbor", "aws-json-1.0", "aws-query"],
  queryCompatible: true,
  validation: "MissingParameter",
  authentication: "query",
  fractions: ["Counts", "Maximum", "Minimum", "SampleCount", "Sum", "Threshold", "Value", "Values"],
  schemas,
});
