import { ProtocolError } from "../../protocols/index.ts";

/** IAM's errors, in its words: clients and scripts match on both. */
export const iamErrors = {
  noSuchUser: (name: string) => noSuchEntity(`The user with name ${name} cannot be found.`),
  noSuchAccessKey: (id: string) => noSuchEntity(`The Access Key with id ${id} cannot be found.`),
  noSuchCredential: (id: string) => noSuchEntity(`No such credential ${id} exists`),
  noSuchService: (name: string) =>
    noSuchEntity(`No such service ${name} is supported for Service Specific Credentials`),
  noSuchLoginProfile: (name: string) => noSuchEntity(`Login Profile for User ${name} cannot be found.`),
  userExists: (name: string) => alreadyExists(`User with name ${name} already exists.`),
  loginProfileExists: (name: string) => alreadyExists(`Login Profile for user ${name} already exists.`),
  quotaExceeded: (quota: string, max: number) =>
    new ProtocolError("LimitExceeded", `Cannot exceed quota for ${quota}: ${max}`, { status: 409 }),
  deleteConflict: (first: string) =>
    new ProtocolError("DeleteConflict", `Cannot delete entity, must ${first} first.`, { status: 409 }),
  lastAdministrator: (name: string) =>
    new ProtocolError(
      "DeleteConflict",
      `User ${name} is the only one with AdministratorAccess; attach it to another user first.`,
      { status: 409 },
    ),
  invalidInput: (message: string) => new ProtocolError("InvalidInput", message),
  validation: (message: string) => new ProtocolError("ValidationError", message),
};

function noSuchEntity(message: string): ProtocolError {
  return new ProtocolError("NoSuchEntity", message, { status: 404 });
}

function alreadyExists(message: string): ProtocolError {
  return new ProtocolError("EntityAlreadyExists", message, { status: 409 });
}
