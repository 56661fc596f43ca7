import type { AccessQuestion, AwsCall, AwsResource } from "../../contract/index.ts";
import type { Directory, DirectoryUser } from "../directory/build-directory.ts";
import type { DirectoryHolder } from "../directory/directory.ts";
import { arnOfUser } from "../principals.ts";
import { checkUserName } from "./checks.ts";
import { iamErrors } from "./errors.ts";

interface OnUser {
  readonly UserName?: string | undefined;
}

/** The user that an operation is about: the one it names, else the caller. Throws NoSuchEntity and ValidationError. */
export async function requireSubject(
  directory: DirectoryHolder,
  name: string | undefined,
  call: AwsCall,
): Promise<DirectoryUser> {
  checkUserName("userName", name);
  if (name === undefined && call.principal.kind === "root") {
    throw iamErrors.validation("Must specify userName when calling with non-User credentials");
  }
  const held = await directory.current();
  const user = name === undefined ? held.user(call.principal.id) : held.userByName(name);
  if (!user) throw iamErrors.noSuchUser(name ?? call.principal.name);
  return user;
}

/** Asks for an action on the user that the input names, else on the caller. */
export function onUser(action: string, directory: DirectoryHolder) {
  return async ({ UserName }: OnUser, call: AwsCall): Promise<readonly AccessQuestion[]> => {
    const resource =
      UserName === undefined ? call.principal.arn : arnOfName(await directory.current(), UserName, call);
    return [{ action, resource }];
  };
}

/** One who does not exist has no path: it would have been made without one. */
export function arnOfName(held: Directory, name: string, { accountId }: AwsCall): string {
  return held.userByName(name)?.arn ?? arnOfUser(accountId, { path: "/", name });
}

/** For the audit record. */
export function userResource({ UserName }: OnUser, call: AwsCall): readonly AwsResource[] {
  const ARN =
    UserName === undefined ? call.principal.arn : arnOfUser(call.accountId, { path: "/", name: UserName });
  return [{ type: "AWS::IAM::User", ARN }];
}
