import type { Principal } from "../contract/index.ts";

/** ARNs are those that AWS would give in partition `aws`; tools that read our audit events know them. */
export function arnOfUser(accountId: string, user: { path: string; name: string }): string {
  return `arn:aws:iam::${accountId}:user${user.path}${user.name}`;
}

export function arnOfPolicy(accountId: string, policy: { path: string; name: string }): string {
  return `arn:aws:iam::${accountId}:policy${policy.path}${policy.name}`;
}

export function arnOfRoot(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`;
}

export function principalOfUser(
  accountId: string,
  user: { id: string; name: string; arn: string; policyNames: readonly string[] },
  proof: Principal["proof"],
): Principal {
  const { id, name, arn, policyNames } = user;
  return { kind: "user", id, name, arn, accountId, policies: policyNames, proof };
}

export function principalOfRoot(accountId: string, proof: Principal["proof"]): Principal {
  return {
    kind: "root",
    id: accountId,
    name: "root",
    arn: arnOfRoot(accountId),
    accountId,
    policies: ["AdministratorAccess"],
    proof,
  };
}
