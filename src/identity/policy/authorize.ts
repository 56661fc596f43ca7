import type { OperationName, Principal } from "../../contract/index.ts";
import { managedPolicies } from "./managed-policies.ts";
import * as access from "./require-access.ts";

/** Throws `access_denied`, for a caller whose policies are all on board. */
export function authorize(principal: Principal, operation: OperationName): void {
  access.requireAccess(principal, compiledOf(principal.policies), operation);
}

export function allowedOperations(policies: readonly string[]): OperationName[] {
  return access.allowedOperations({ kind: "user" }, compiledOf(policies));
}

function compiledOf(names: readonly string[]) {
  return Object.values(managedPolicies)
    .filter(({ name }) => names.includes(name))
    .map(({ compiled }) => compiled);
}
