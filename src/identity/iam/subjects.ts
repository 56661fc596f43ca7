import type { AccessQuestion, AwsCall, AwsResource } from "../../contract/index.ts";
import type { DirectoryUser } from "../directory/build-directory.ts";
import type { DirectoryHolder } from "../directory/directory.ts";
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

/**
 * An operation on the user that the input names, else on the caller: what it asks, with the condition keys that its input
 * brings, and what its audit record is about.
 */
export function onUser<Input extends OnUser>(
  action: string,
  directory: DirectoryHolder,
  contextOf: (input: Input) => NonNullable<AccessQuestion["context"]> = () => ({}),
) {
  const arnOf = async ({ UserName }: Input, call: AwsCall) =>
    UserName === undefined ? call.principal.arn : (await directory.current()).arnOfName(UserName);
  return {
    access: async (input: Input, call: AwsCall): Promise<readonly AccessQuestion[]> => [
      { action, resource: await arnOf(input, call), context: contextOf(input) },
    ],
    resources: async (input: Input, call: AwsCall): Promise<readonly AwsResource[]> => [
      userResource(await arnOf(input, call)),
    ],
  };
}

/** For the audit record. */
export function userResource(ARN: string): AwsResource {
  return { type: "AWS::IAM::User", ARN };
}
