import type { AccessQuestion } from "../../contract/index.ts";
import type { Gate } from "../authorizer.ts";
import type { DirectoryCredential } from "../directory/build-directory.ts";

export type ChangeVerb = "Update" | "Reset" | "Delete";

/** The credential that a change is meant for. */
export interface Target {
  readonly id: string;
  /** The name of the user whom the caller says it belongs to; undefined when that was left out. */
  readonly owner: string | undefined;
  /** What the change is asked on where no user is named, and the caller may not know whose it is. */
  readonly unownedArn: string;
}

/**
 * What a change of a credential asks of the policies, and the credential itself if they allow it. Whoever may not change it
 * is asked the same as for an id that there is not, so that the answer does not tell which of the two it is.
 */
export function askForChange(
  { directory, allows }: Gate,
  verb: ChangeVerb,
  { id, owner, unownedArn }: Target,
): { readonly question: AccessQuestion; readonly credential: DirectoryCredential | undefined } {
  const credential = directory.credential(id);
  const ownerArn = owner === undefined ? undefined : directory.arnOfName(owner);
  if (credential && (ownerArn === undefined || ownerArn === credential.user.arn)) {
    const question = credentialQuestion(verb, credential.user.arn, credential.serviceName);
    if (allows(question)) return { question, credential };
  }
  return {
    question: credentialQuestion(verb, ownerArn ?? unownedArn, undefined),
    credential: undefined,
  };
}

/**
 * What a change of a service-specific credential asks of the policies. Its condition keys are there only where AWS has them:
 * the age when one is sent, so that "at most 90 days" does not allow a key that never expires.
 */
export function credentialQuestion(
  verb: ChangeVerb | "Create",
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
