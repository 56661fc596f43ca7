import type {
  CreateLoginProfileRequest,
  DeleteLoginProfileRequest,
  GetLoginProfileRequest,
  UpdateLoginProfileRequest,
} from "@aws-sdk/client-iam";
import type { Transaction } from "kysely";
import type { AwsCall } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { ProtocolError } from "../../protocols/index.ts";
import { deleteSessionsOfUser } from "../session-queries.ts";
import { removePassword, type UserRecord, updatePassword } from "../user-queries.ts";
import { type IamDeps, type Operations, operation } from "./deps.ts";
import { iamErrors } from "./errors.ts";
import { onUser, requireSubject } from "./subjects.ts";
import { requireUserRecord } from "./user-record.ts";

const passwordLengthMin = 12;
const passwordLengthMax = 1024;
const secretMembers = ["Password"];

/** The password of a user for the console. Whoever changes it ends the sessions it opened. */
export function createLoginProfileOperations(deps: IamDeps): Operations {
  const { directory, counters, passwords, clock, log } = deps;
  const change = async <T>(
    name: string | undefined,
    call: AwsCall,
    apply: (transaction: Transaction<Tables>, user: UserRecord) => Promise<T>,
  ): Promise<T> => {
    const subject = await requireSubject(directory, name, call);
    return counters.change("identity", async (transaction) => {
      return apply(transaction, await requireUserRecord(transaction, subject.name));
    });
  };
  const describe = (name: string, createdAt: Date) => ({
    LoginProfile: { UserName: name, CreateDate: createdAt, PasswordResetRequired: false },
  });

  return {
    CreateLoginProfile: operation({
      readOnly: false,
      audit: "management",
      secretMembers,
      ...onUser("iam:CreateLoginProfile", directory),
      handle: async (input: CreateLoginProfileRequest, call) => {
        const passwordHash = await passwords.hash(requirePassword(input.Password));
        refuseResetRequired(input.PasswordResetRequired);
        const now = new Date(clock.now());
        const user = await change(input.UserName, call, async (transaction, found) => {
          if (found.passwordHash !== null) throw iamErrors.loginProfileExists(found.name);
          await updatePassword(transaction, found.id, passwordHash, now);
          return found;
        });
        log.info("Created a login profile.", { user: user.name, by: call.principal.arn });
        return describe(user.name, now);
      },
    }),
    GetLoginProfile: operation({
      readOnly: true,
      audit: "management",
      ...onUser("iam:GetLoginProfile", directory),
      handle: async ({ UserName }: GetLoginProfileRequest, call) => {
        const { name, passwordCreatedAt } = await requireSubject(directory, UserName, call);
        if (!passwordCreatedAt) throw iamErrors.noSuchLoginProfile(name);
        return describe(name, passwordCreatedAt);
      },
    }),
    UpdateLoginProfile: operation({
      readOnly: false,
      audit: "management",
      secretMembers,
      ...onUser("iam:UpdateLoginProfile", directory),
      handle: async (input: UpdateLoginProfileRequest, call) => {
        refuseResetRequired(input.PasswordResetRequired);
        const passwordHash =
          input.Password === undefined ? undefined : await passwords.hash(requirePassword(input.Password));
        const user = await change(input.UserName, call, async (transaction, found) => {
          if (found.passwordHash === null) throw iamErrors.noSuchLoginProfile(found.name);
          if (passwordHash === undefined) return found;
          await updatePassword(transaction, found.id, passwordHash, new Date(clock.now()));
          await deleteSessionsOfUser(transaction, found.id);
          return found;
        });
        log.info("Changed a login profile.", { user: user.name, by: call.principal.arn });
        return {};
      },
    }),
    DeleteLoginProfile: operation({
      readOnly: false,
      audit: "management",
      ...onUser("iam:DeleteLoginProfile", directory),
      handle: async ({ UserName }: DeleteLoginProfileRequest, call) => {
        const user = await change(UserName, call, async (transaction, found) => {
          if (found.passwordHash === null) throw iamErrors.noSuchLoginProfile(found.name);
          await removePassword(transaction, found.id);
          await deleteSessionsOfUser(transaction, found.id);
          return found;
        });
        log.info("Deleted a login profile.", { user: user.name, by: call.principal.arn });
        return {};
      },
    }),
  };
}

function requirePassword(password: string | undefined): string {
  if (password === undefined) throw iamErrors.validation("Must specify a password.");
  if (password.length < passwordLengthMin) {
    throw violation(`Password should have a minimum length of ${passwordLengthMin}`);
  }
  if (Buffer.byteLength(password) > passwordLengthMax) {
    throw violation(`Password should have a maximum length of ${passwordLengthMax} bytes`);
  }
  return password;
}

/** The console has no page that would ask for it. */
function refuseResetRequired(required: boolean | undefined): void {
  if (required) throw iamErrors.invalidInput("This server cannot require a password to be changed.");
}

function violation(message: string): ProtocolError {
  return new ProtocolError("PasswordPolicyViolation", message);
}
