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
      const user = userOf(await deps.directory.current(), principal);
      requireAccess(principal, user?.policies ?? [], withTags(question, user), {
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

/** Tags of the caller are condition keys of every request. */
function withTags(question: AccessQuestion | OperationName, user: DirectoryUser | undefined): AccessQuestion {
  const asked = typeof question === "string" ? { action: question, resource: "*" } : question;
  const tags = Object.entries(user?.tags ?? {});
  if (tags.length === 0) return asked;
  const ofCaller = Object.fromEntries(tags.map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
  return { ...asked, context: { ...asked.context, ...ofCaller } };
}
