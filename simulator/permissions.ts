import { ProtocolError } from "../src/protocols/index.ts";

/** Action lists in place of policies: `*`, `cloudwatch:*`, `cloudwatch:ListMetrics`. */
export interface Permissions {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export type Decision = "allowed" | "denied" | "not-allowed";

/** A denial wins, and what nobody allows is not allowed. */
export function decide(permissions: Permissions, action: string): Decision {
  if (permissions.deny.some((pattern) => covers(pattern, action))) return "denied";
  return permissions.allow.some((pattern) => covers(pattern, action)) ? "allowed" : "not-allowed";
}

/** Throws the refusal that the service would send, naming principal, action and the kind of reason. */
export function assertAllowed(
  principal: { readonly arn: string; readonly permissions: Permissions },
  service: string,
  action: string,
): void {
  const decision = decide(principal.permissions, action);
  if (decision === "allowed") return;
  const reason =
    decision === "denied"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${action} action`;
  const [code, status] = refusals[service] ?? (["AccessDenied", 403] as const);
  const opening = service === "ec2" ? "You are not authorized to perform this operation. " : "";
  throw new ProtocolError(
    code,
    `${opening}User: ${principal.arn} is not authorized to perform: ${action} ${reason}`,
    { status },
  );
}

const jsonRefusal = ["AccessDeniedException", 400] as const;

const refusals: Readonly<Record<string, readonly [code: string, status: number]>> = {
  ec2: ["UnauthorizedOperation", 403],
  ce: jsonRefusal,
  cloudtrail: jsonRefusal,
  logs: jsonRefusal,
  organizations: jsonRefusal,
  tagging: jsonRefusal,
};

/** Patterns end in a star or are exact; both sides ignore case, as IAM does. */
function covers(pattern: string, action: string): boolean {
  const lowered = action.toLowerCase();
  return pattern.endsWith("*")
    ? lowered.startsWith(pattern.slice(0, -1).toLowerCase())
    : lowered === pattern.toLowerCase();
}

/** Services whose policy prefix is not the name they sign with. */
const prefixes: Readonly<Record<string, string>> = { monitoring: "cloudwatch", tagging: "tag" };

const renamedActions: Readonly<Record<string, string>> = {
  "s3:ListBuckets": "s3:ListAllMyBuckets",
  "s3:HeadBucket": "s3:ListBucket",
};

export function actionOf(service: string, operation: string): string {
  const action = `${prefixes[service] ?? service}:${operation}`;
  return renamedActions[action] ?? action;
}
