import type { AwsApi } from "../../contract/index.ts";
import { createAccessKeyOperations } from "./access-key-operations.ts";
import { createAccountOperations } from "./account-operations.ts";
import { createCredentialOperations } from "./credential-operations.ts";
import type { IamDeps } from "./deps.ts";
import { createLoginProfileOperations } from "./login-profile-operations.ts";
import { createPolicyOperations } from "./policies/operations.ts";
import { createUserOperations } from "./user-operations.ts";
import { withWholeSeconds } from "./whole-seconds.ts";

export function createIamApi(deps: IamDeps): AwsApi {
  return {
    service: "iam",
    operations: withWholeSeconds({
      ...createUserOperations(deps),
      ...createLoginProfileOperations(deps),
      ...createAccessKeyOperations(deps),
      ...createCredentialOperations(deps),
      ...createPolicyOperations(deps),
      ...createAccountOperations(deps),
    }),
  };
}
