import type { AwsApi } from "../../contract/index.ts";
import { eventSelectorOperations } from "./event-selectors.ts";
import { loggingOperations } from "./logging.ts";
import { lookupOperations } from "./lookup.ts";
import { type ApiDeps, withoutNulls } from "./operation.ts";
import { tagOperations } from "./tags.ts";
import { trailOperations } from "./trails.ts";

/** The operations of CloudTrail that this server has. */
export function createTrailApi(deps: ApiDeps): AwsApi {
  return {
    service: "cloudtrail",
    operations: withoutNulls({
      ...trailOperations(deps),
      ...eventSelectorOperations(deps),
      ...loggingOperations(deps),
      ...lookupOperations(deps),
      ...tagOperations(deps),
    }),
  };
}
