import type { Transaction } from "kysely";
import type { Clock } from "../base/index.ts";
import type { AccessQuestion, OperationName, Principal, RequestFacts, Session } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import type { Directory, DirectoryUser } from "./directory/build-directory.ts";
import type { DirectoryHolder } from "./directory/directory.ts";
import { allowedOperations, allowsAccess, requireAccess } from "./policy/require-access.ts";

/** Facts that are left out have no condition key, but for the time, which is then that of the server. */
export type Facts = Partial<RequestFacts>;

/** Who asks for something, and what policies may ask about the request. */
export interface Asker {
  readonly principal: Principal;
  readonly facts: Facts;
}

/** Asks the policies of one caller, all on the state of one moment. */
export interface Gate {
  readonly directory: Directory;
  allows(question: AccessQuestion): boolean;
  /** Throws `access_denied` for the first that is not allowed. */
  require(questions: readonly AccessQuestion[]): void;
}

export interface Authorizer {
  /** Throws `access_denied`, which tells the statement that denied or the Allow that is missing. */
  authorize(principal: Principal, question: AccessQuestion | OperationName, facts?: Facts): Promise<void>;
  /**
   * On the state of now; with a transaction of `ChangeCounters.change`, on the one that it starts from. A change that was
   * allowed a moment ago is asked about once more there: else what another process denied or altered in between slips through.
   */
  gate(asker: Asker, transaction?: Transaction<Tables>): Promise<Gate>;
  /** "Who am I", for sessions and tokens alike. */
  describeCaller(principal: Principal, session?: { csrfToken: string; expiresAt: Date }): Promise<Session>;
}

/** Asks the policies that a caller has now, not those of the moment in which the caller proved who it is. */
export function createAuthorizer(deps: {
  directory: DirectoryHolder;
  clock: Clock;
  region: string;
}): Authorizer {
  const gateOn = (directory: Directory, { principal, facts }: Asker): Gate => {
    const user = userOf(directory, principal);
    const all = { nowMs: deps.clock.now(), ...facts, region: deps.region };
    const policies = user?.policies ?? [];
    const tagged = (question: AccessQuestion) => withTags(question, user, directory);
    return {
      directory,
      allows: (question) => allowsAccess(principal, policies, tagged(question), all),
      require: (questions) => {
        for (const question of questions) requireAccess(principal, policies, tagged(question), all);
      },
    };
  };
  return {
    authorize: async (principal, question, facts = {}) => {
      const asked = typeof question === "string" ? { action: question, resource: "*" } : question;
      gateOn(await deps.directory.current(), { principal, facts }).require([asked]);
    },
    gate: async (asker, transaction) =>
      gateOn(await (transaction ? deps.directory.before(transaction) : deps.directory.current()), asker),
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
  question: AccessQuestion,
  caller: DirectoryUser | undefined,
  directory: Directory,
): AccessQuestion {
  const subject = directory.userByArn(question.resource);
  const context = {
    ...question.context,
    ...tagKeys(subject, "aws:ResourceTag", "iam:ResourceTag"),
    ...tagKeys(caller, "aws:PrincipalTag"),
  };
  return { ...question, context };
}

function tagKeys(user: DirectoryUser | undefined, ...prefixes: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(user?.tags ?? {}).flatMap(([key, value]) =>
      prefixes.map((prefix) => [`${prefix}/${key}`, value] as const),
    ),
  );
}
