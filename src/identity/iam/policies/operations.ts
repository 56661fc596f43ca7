import type { Operations } from "../deps.ts";
import { createAttachmentOperations } from "./attachment-operations.ts";
import type { PolicyDeps } from "./deps.ts";
import { createInlinePolicyOperations } from "./inline-operations.ts";
import { createManagedPolicyOperations } from "./policy-operations.ts";
import { createSimulationOperations } from "./simulation-operations.ts";
import { createPolicyTagOperations } from "./tag-operations.ts";
import { createPolicyVersionOperations } from "./version-operations.ts";

/** What IAM's API offers about policies. */
export function createPolicyOperations(deps: PolicyDeps): Operations {
  return {
    ...createManagedPolicyOperations(deps),
    ...createPolicyVersionOperations(deps),
    ...createAttachmentOperations(deps),
    ...createInlinePolicyOperations(deps),
    ...createPolicyTagOperations(deps),
    ...createSimulationOperations(deps),
  };
}
