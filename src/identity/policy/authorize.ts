import { AppError } from "../../base/index.ts";
import {
  type ManagedPolicyName,
  managedPolicyNames,
  type OperationName,
  operationNames,
  type Principal,
} from "../../contract/index.ts";
import { type Decision, decide } from "./decide.ts";
import { managedPolicies } from "./managed-policies.ts";

/** Throws `access_denied` with a message that says what was asked, what was checked and what to do. */
export function authorize(principal: Principal, operation: OperationName): void {
  const decision = decideFor(principal.policies, operation);
  if (decision.outcome === "allow") return;
  throw new AppError("access_denied", {
    message: `${denial(principal, operation, decision)} ${remedy(operation)}`,
    detail: { operation, principal: principal.arn, decision },
  });
}

/** The operations a caller may perform, for showing and hiding controls. */
export function allowedOperations(policies: readonly ManagedPolicyName[]): OperationName[] {
  return operationNames.filter((operation) => decideFor(policies, operation).outcome === "allow");
}

function decideFor(policies: readonly ManagedPolicyName[], operation: OperationName): Decision {
  return decide(
    policies.map((name) => managedPolicies[name]),
    operation,
  );
}

function denial(principal: Principal, operation: string, decision: Decision): string {
  const who = `${principal.kind === "root" ? "Root" : `User ${principal.name}`} may not perform ${operation}`;
  if (decision.statement) {
    return `${who}: statement ${decision.statement.sid} of policy ${decision.statement.policy} denies it.`;
  }
  if (decision.policiesChecked.length === 0) return `${who}: no policy is attached.`;
  return `${who}: none of the attached policies (${decision.policiesChecked.join(", ")}) allows it.`;
}

function remedy(operation: OperationName): string {
  const sufficient = managedPolicyNames.filter((name) => decideFor([name], operation).outcome === "allow");
  return `Ask an administrator to attach ${sufficient.join(" or ")}.`;
}
