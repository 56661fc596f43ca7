import * as schemas from "@aws-sdk/client-cloudwatch-logs";
import { defineService } from "../service-model.ts";

/** CloudWatch Logs. */
export const model = defineService({
  name: "logs",
  namespace: "com.amazonaws.cloudwatchlogs",
  target: "Logs_20140328",
  version: "2014-03-28",
  xmlNamespace: "http://monitoring.amazonaws.com/doc/2014-03-28/",
  dialects: ["aws-json-1.1"],
  validation: "InvalidParameterException",
  authentication: "json",
  fractions: ["defaultValue"],
  schemas,
});
