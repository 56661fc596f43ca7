import type { NamedPolicy } from "./document.ts";
import { matchesWildcard } from "./wildcard.ts";

/** A verdict with its reasons: which statement decided, or which policies had nothing to say. */
export interface Decision {
  readonly outcome: "allow" | "explicit-deny" | "implicit-deny";
  /** The statement that decided; absent when no statement matched. */
  readonly statement?: { readonly policy: string; readonly sid: string };
  readonly policiesChecked: readonly string[];
}

/** IAM's order: a matching Deny wins, then a matching Allow, else it is denied for want of one. */
export function decide(policies: readonly NamedPolicy[], action: string): Decision {
  const policiesChecked = policies.map((policy) => policy.name);
  const denied = findStatement(policies, action, "Deny");
  if (denied) return { outcome: "explicit-deny", statement: denied, policiesChecked };
  const allowed = findStatement(policies, action, "Allow");
  if (allowed) return { outcome: "allow", statement: allowed, policiesChecked };
  return { outcome: "implicit-deny", policiesChecked };
}

function findStatement(policies: readonly NamedPolicy[], action: string, effect: "Allow" | "Deny") {
  const wanted = action.toLowerCase();
  for (const { name, document } of policies) {
    for (const statement of document.Statement) {
      if (statement.Effect !== effect) continue;
      if (statement.Action.some((pattern) => matchesWildcard(pattern.toLowerCase(), wanted))) {
        return { policy: name, sid: statement.Sid };
      }
    }
  }
  return undefined;
}
