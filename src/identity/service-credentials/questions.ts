import type { AccessQuestion } from "../../contract/index.ts";

type Verb = "Create" | "Update" | "Reset" | "Delete";

/**
 * What a change of a service-specific credential asks of the policies. Its condition keys are there only where AWS has them:
 * the age when one is sent, so that "at most 90 days" does not allow a key that never expires.
 */
export function credentialQuestion(
  verb: Verb,
  userArn: string,
  serviceName: string | undefined,
  ageDays?: number,
): AccessQuestion {
  return {
    action: `iam:${verb}ServiceSpecificCredential`,
    resource: userArn,
    context: credentialContext(serviceName, ageDays),
  };
}

export function credentialContext(serviceName: string | undefined, ageDays?: number) {
  return {
    ...(serviceName !== undefined && {
      "iam:ServiceSpecificCredentialServiceName": serviceName.toLowerCase(),
    }),
    ...(ageDays !== undefined && { "iam:ServiceSpecificCredentialAgeDays": ageDays }),
  };
}
