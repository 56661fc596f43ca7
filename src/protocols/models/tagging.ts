import * as schemas from "@aws-sdk/client-resource-groups-tagging-api";
import { defineService } from "../service-model.ts";

/** Resource Groups Tagging API. */
export const model = defineService({
  name: "tagging",
  namespace: "com.amazonaws.resourcegroupstaggingapi",
  target: "ResourceGroupsTaggingAPI_20170126",
  version: "2017-01-26",
  xmlNamespace: "",
  dialects: ["aws-json-1.1"],
  validation: "InvalidParameterException",
  authentication: "json",
  schemas,
});
