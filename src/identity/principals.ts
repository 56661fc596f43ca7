import type { ManagedPolicyName, Principal } from "../contract/index.ts";

/** ARNs are those that AWS would give in partition `aws`; tools that read our audit events know them. */
export function arnOfUser(accountId: string, name: string): string {
  return `arn:aws:iam::${accountId}:user/${name}`;
}

export function principalOfUser(
  accountId: string,
  user: { id: string; name: string; policies: readonly ManagedPolicyName[] },
  proof: Principal["proof"],
): Principal {
  return {
    kind: "user",
    id: user.id,
    name: user.name,
    arn: arnOfUser(accountId, user.name),
    accountId,
    policies: user.policies,
    proof,
  };
}

export function principalOfRoot(accountId: string, proof: Principal["proof"]): Principal {
  return {
    kind: "root",
    id: accountId,
    name: "root",
    arn: `arn:aws:iam::${accountId}:root`,
    accountId,
    policies: ["AdministratorAccess"],
    proof,
  };
}
