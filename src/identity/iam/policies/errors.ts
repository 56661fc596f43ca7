import { ProtocolError } from "../../../protocols/index.ts";

/** What IAM says about policies, in its words. */
export const policyErrors = {
  invalidArn: (arn: string) => new ProtocolError("InvalidInput", `ARN ${arn} is not valid.`),
  noSuchPolicy: (arn: string) => noSuchEntity(`Policy ${arn} was not found.`),
  notAttachable: (arn: string) => noSuchEntity(`Policy ${arn} does not exist or is not attachable.`),
  noSuchVersion: (arn: string, version: string) =>
    noSuchEntity(`Policy ${arn} version ${version} does not exist or is not attachable.`),
  noSuchInlinePolicy: (name: string) => noSuchEntity(`The user policy with name ${name} cannot be found.`),
  notYours: () => new ProtocolError("AccessDenied", "Policy is outside your own account.", { status: 403 }),
  nameTaken: (name: string) =>
    conflict(
      "EntityAlreadyExists",
      `A policy called ${name} already exists. Duplicate names are not allowed.`,
    ),
  malformed: (message: string) => new ProtocolError("MalformedPolicyDocument", message),
  inlineTooLarge: (max: number, userName: string) =>
    conflict("LimitExceeded", `Maximum policy size of ${max} bytes exceeded for user ${userName}`),
  tooManyVersions: (max: number) =>
    conflict(
      "LimitExceeded",
      `A managed policy can have up to ${max} versions. Before you create a new version, you must delete an existing version.`,
    ),
  isAttached: () => conflict("DeleteConflict", "Cannot delete a policy attached to entities."),
  hasVersions: () =>
    conflict(
      "DeleteConflict",
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    ),
  isDefaultVersion: () => conflict("DeleteConflict", "Cannot delete the default version of a policy."),
};

function noSuchEntity(message: string): ProtocolError {
  return new ProtocolError("NoSuchEntity", message, { status: 404 });
}

function conflict(code: string, message: string): ProtocolError {
  return new ProtocolError(code, message, { status: 409 });
}
