import type { Log } from "../../base/index.ts";
import type { AwsApi, AwsOperation } from "../../contract/index.ts";
import { createGetSessionToken } from "./get-session-token.ts";
import type { TemporaryCredentials } from "./temporary-credentials.ts";

/** As on AWS, nobody needs a permission to ask who they are. */
const getCallerIdentity: AwsOperation<object, object> = {
  readOnly: true,
  audit: "management",
  access: () => [],
  handle: (_input, { principal, accountId }) => ({
    UserId: principal.id,
    Account: accountId,
    Arn: principal.arn,
  }),
};

export function createStsApi(deps: { temporary: TemporaryCredentials; log: Log }): AwsApi {
  return {
    service: "sts",
    operations: { GetCallerIdentity: getCallerIdentity, GetSessionToken: createGetSessionToken(deps) },
  };
}
