import { ProtocolError } from "../src/protocols/index.ts";
import type { SimulatedPrincipal, SimulatedRole } from "./accounts.ts";
import { decide } from "./permissions.ts";

export interface AssumeRoleRequest {
  readonly roleArn: string;
  readonly externalId: string | undefined;
  readonly durationSeconds: number | undefined;
}

/** One hour: the longest session of a role that was assumed by a role. */
const chainedSecondsMax = 3_600;

/**
 * Decides an AssumeRole call as STS does: the caller's own permissions, then the trust policy, then the duration.
 * A role that does not exist, one that trusts somebody else and a wrong external ID all get the same answer.
 */
export function assertMayAssume(
  caller: SimulatedPrincipal,
  role: SimulatedRole | undefined,
  request: AssumeRoleRequest,
): asserts role is SimulatedRole {
  if (caller.kind === "root") throw denied("Roles may not be assumed by root accounts.");
  const permitted = decide(caller.permissions, "sts:AssumeRole") === "allowed";
  if (!role || !permitted || !trusts(role, caller) || !externalIdFits(role, request.externalId))
    throw denied(
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${request.roleArn}`,
    );
  assertDuration(role, request.durationSeconds, caller.kind === "session");
}

export function assertDuration(
  role: SimulatedRole,
  durationSeconds: number | undefined,
  chained: boolean,
): void {
  if (durationSeconds === undefined) return;
  if (chained && durationSeconds > chainedSecondsMax)
    throw invalid(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  if (durationSeconds > role.sessionSecondsMax)
    throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
}

/** A trusted account root stands for everybody in that account; a trusted role for all its sessions. */
function trusts(role: SimulatedRole, caller: SimulatedPrincipal): boolean {
  return role.trust.principals.some(
    (principal) =>
      principal === "*" ||
      principal === caller.arn ||
      principal === caller.roleArn ||
      principal === caller.accountId ||
      principal === `arn:aws:iam::${caller.accountId}:root`,
  );
}

/** A role without the condition accepts any external ID, and none. */
function externalIdFits(role: SimulatedRole, externalId: string | undefined): boolean {
  const required = role.trust.externalIds;
  return required === undefined || (externalId !== undefined && required.includes(externalId));
}

function denied(message: string): ProtocolError {
  return new ProtocolError("AccessDenied", message, { status: 403 });
}

function invalid(message: string): ProtocolError {
  return new ProtocolError("ValidationError", message);
}
