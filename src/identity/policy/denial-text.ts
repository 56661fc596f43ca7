import type { Decision, PolicyRequest, StatementRef } from "./decide.ts";

/**
 * Why a request is denied: AWS's sentence, by which tools know it, and then the statement that denied or the Allow that is
 * missing, which AWS keeps to itself.
 */
export function denialText(
  principalArn: string,
  request: Pick<PolicyRequest, "action" | "resource">,
  decision: Decision,
): string {
  const { action, resource } = request;
  const who = `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resource}`;
  if (decision.outcome === "explicit-deny" && decision.statement) {
    const { policyArn } = decision.statement;
    const where = policyArn === undefined ? "" : `: ${policyArn}`;
    return `${who} with an explicit deny in an identity-based policy${where}. ${sentenceOn(decision.statement)} denies it.`;
  }
  return `${who} because no identity-based policy allows the ${action} action. ${missingAllow(decision)}`;
}

function missingAllow({ policiesChecked, nearest, missingContextKeys }: Decision): string {
  if (policiesChecked.length === 0) return "No policy is attached.";
  if (!nearest) return `None of the policies checked (${policiesChecked.join(", ")}) has an Allow for it.`;
  const absent =
    missingContextKeys.length === 0 ? "" : ` The request does not have: ${missingContextKeys.join(", ")}.`;
  return `${sentenceOn(nearest)} would allow it, but its condition ${nearest.condition} does not hold.${absent}`;
}

function sentenceOn({ policy, sid, index }: StatementRef): string {
  return `Statement ${sid ?? `number ${index + 1}`} of policy ${policy}`;
}
