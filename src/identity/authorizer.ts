import type { Clock } from "../base/index.ts";
import type { AccessQuestion, OperationName, Principal, RequestFacts, Session } from "../contract/index.ts";
import type { Directory, DirectoryUser } from "./directory/build-directory.ts";
import type { DirectoryHolder } from "./directory/directory.ts";
import { allowedOperations, requireAccess } from "./policy/require-access.ts";

export interface Authorizer {
  /**
   * Throws `access_denied`, which tells the statement that denied or the Allow that is missing. Facts that are left out have no
   * condition key, but for the time, which is then that of the server.
   */
  authorize(
    principal: Principal,
    question: AccessQuestion | OperationName,
    facts?: Partial<RequestFacts>,
  ): Promise<void>;
  /** "Who am I", for sessions and tokens alike. */
  describeCaller(principal: Principal, session?: { csrfToken: string; expiresAt: Date }): Promise<Session>;
}

/** Asks the policies that a caller has now, not those of the moment in which the caller proved who it is. */
export function createAuthorizer(deps: {
  directory: DirectoryHolder;
  clock: Clock;
  region: string;
}): Authorizer {
  return {
    authorize: async (principal, question, facts) => {
      const directory = await deps.directory.current();
      const user = userOf(directory, principal);
      requireAccess(principal, user?.policies ?? [], withTags(question, user, directory), {
        nowMs: deps.clock.now(),
        ...facts,
        region: deps.region,
      });
    },
    describeCaller: async (principal, session) => {
      const user = userOf(await deps.directory.current(), principal);
      return {
        user: principal.name,
        arn: principal.arn,
        accountId: principal.accountId,
        policies: [...principal.policies],
        allowedOperations: allowedOperations(principal, user?.policies ?? []),
        ...(session && { csrfToken: session.csrfToken, expiresAt: session.expiresAt.toISOString() }),
      };
    },
  };
}

function userOf(directory: Directory, principal: Principal): DirectoryUser | undefined {
  return principal.kind === "user" ? directory.user(principal.id) : undefined;
}

/**
 * Tags of the caller, and of the user that it is about, are condition keys of every request: added here, so that no operation
 * can leave them out and a Deny by them with it.
 */
function withTags(
  question: AccessQuestion | OperationName,
  caller: DirectoryUser | undefined,
  directory: Directory,
): AccessQuestion {
  const asked = typeof question === "string" ? { action: question, resource: "*" } : question;
  const subject = directory.userByArn(asked.resource);
  const context = {
    ...asked.context,
    ...tagKeys(subject, "aws:ResourceTag", "iam:ResourceTag"),
    ...tagKeys(caller, "aws:PrincipalTag"),
  };
  return { ...asked, context };
}

function tagKeys(user: DirectoryUser | undefined, ...prefixes: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(user?.tags ?? {}).flatMap(([key, value]) =>
      prefixes.map((prefix) => [`${prefix}/${key}`, value] as const),
    ),
  );
}
