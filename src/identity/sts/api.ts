import type { AwsApi, AwsOperation } from "../../contract/index.ts";

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

export const stsApi: AwsApi = { service: "sts", operations: { GetCallerIdentity: getCallerIdentity } };
