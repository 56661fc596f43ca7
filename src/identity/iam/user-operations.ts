import type {
  CreateUserRequest,
  DeleteUserRequest,
  GetUserRequest,
  ListUsersRequest,
  ListUserTagsRequest,
  TagUserRequest,
  UntagUserRequest,
  UpdateUserRequest,
  User,
} from "@aws-sdk/client-iam";
import type { Transaction } from "kysely";
import type { AwsCall } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { countAccessKeys } from "../access-keys.ts";
import { addUser } from "../add-user.ts";
import type { DirectoryUser } from "../directory/build-directory.ts";
import { arnOfRoot, arnOfUser } from "../principals.ts";
import {
  deleteUser,
  findUserByName,
  isLastAdministrator,
  readSignIns,
  type UserRecord,
  updateUserName,
  updateUserTags,
} from "../user-queries.ts";
import { checkPath, checkPathPrefix, checkUserName } from "./checks.ts";
import { type IamDeps, type Operations, operation } from "./deps.ts";
import { iamErrors } from "./errors.ts";
import { pageThrough } from "./paging.ts";
import { onUser, requireSubject, userResource } from "./subjects.ts";
import {
  addTags,
  pageTags,
  readTagKeys,
  readTags,
  removeTags,
  tagContext,
  withTagging,
  writeTags,
} from "./tags.ts";
import { requireUserRecord } from "./user-record.ts";

export function createUserOperations(deps: IamDeps): Operations {
  const { directory, kysely } = deps;
  const update = onUser("iam:UpdateUser", directory);
  return {
    CreateUser: operation({
      readOnly: false,
      audit: "management",
      access: ({ UserName = "", Path = "/", Tags }: CreateUserRequest, { accountId }) =>
        withTagging(
          "iam:CreateUser",
          "iam:TagUser",
          arnOfUser(accountId, { path: Path, name: UserName }),
          Tags,
        ),
      resources: ({ UserName = "", Path = "/" }: CreateUserRequest, { accountId }) => [
        userResource(arnOfUser(accountId, { path: Path, name: UserName })),
      ],
      handle: async (input: CreateUserRequest, call) => ({ User: await createUser(deps, input, call) }),
    }),
    GetUser: operation({
      readOnly: true,
      audit: "management",
      ...onUser("iam:GetUser", directory),
      handle: async ({ UserName }: GetUserRequest, call) => {
        if (UserName === undefined && call.principal.kind === "root") {
          const [oldest] = (await directory.current()).rootAccessKeys;
          return { User: describeRoot(call, oldest?.createdAt ?? new Date(0)) };
        }
        const user = await requireSubject(directory, UserName, call);
        const lastSignIn = (await readSignIns(kysely, [user.recordId])).get(user.recordId);
        return { User: describeUser(user, lastSignIn, writeTags(user.tags)) };
      },
    }),
    ListUsers: operation({
      readOnly: true,
      audit: "management",
      access: ({ PathPrefix = "/" }: ListUsersRequest, { accountId }) => [
        { action: "iam:ListUsers", resource: `${arnOfUser(accountId, { path: PathPrefix, name: "" })}` },
      ],
      handle: async ({ PathPrefix, ...page }: ListUsersRequest) => {
        checkPathPrefix("pathPrefix", PathPrefix);
        const users = (await directory.current()).users.filter(({ path }) =>
          path.startsWith(PathPrefix ?? "/"),
        );
        const { items, ...paging } = pageThrough(users, ({ name }) => name.toLowerCase(), page);
        const signIns = await readSignIns(
          kysely,
          items.map(({ recordId }) => recordId),
        );
        return { Users: items.map((user) => describeUser(user, signIns.get(user.recordId))), ...paging };
      },
    }),
    UpdateUser: operation({
      readOnly: false,
      audit: "management",
      access: async ({ UserName = "", NewUserName, NewPath }: UpdateUserRequest, call) => {
        const held = await directory.current();
        const now = held.userByName(UserName);
        const after = { path: NewPath ?? now?.path ?? "/", name: NewUserName ?? now?.name ?? UserName };
        const arns = new Set([held.arnOfName(UserName), arnOfUser(call.accountId, after)]);
        return [...arns].map((resource) => ({ action: "iam:UpdateUser", resource }));
      },
      resources: update.resources,
      handle: async (input: UpdateUserRequest, call) => {
        await renameUser(deps, input, call);
        return {};
      },
    }),
    DeleteUser: operation({
      readOnly: false,
      audit: "management",
      ...onUser("iam:DeleteUser", directory),
      handle: async ({ UserName = "" }: DeleteUserRequest, call) => {
        await deps.counters.change("identity", async (transaction) => {
          const user = await requireUserRecord(transaction, UserName);
          await refuseReferencedUser(transaction, user);
          await deleteUser(transaction, user.id);
        });
        deps.log.info("Deleted a user.", { user: UserName, by: call.principal.arn });
        return {};
      },
    }),
    ...createTagOperations(deps),
  };
}

function createTagOperations(deps: IamDeps): Operations {
  const { directory, counters } = deps;
  const changeTags = (name: string, change: (user: UserRecord) => Readonly<Record<string, string>>) =>
    counters.change("identity", async (transaction) => {
      const user = await requireUserRecord(transaction, name);
      await updateUserTags(transaction, user.id, change(user));
    });
  return {
    TagUser: operation({
      readOnly: false,
      audit: "management",
      ...onUser("iam:TagUser", directory, ({ Tags }: TagUserRequest) => tagContext(Tags)),
      handle: async ({ UserName = "", Tags }: TagUserRequest) => {
        const added = readTags(Tags);
        await changeTags(UserName, ({ tags }) => addTags(tags, added));
        return {};
      },
    }),
    UntagUser: operation({
      readOnly: false,
      audit: "management",
      ...onUser("iam:UntagUser", directory, ({ TagKeys = [] }: UntagUserRequest) => ({
        "aws:TagKeys": TagKeys,
      })),
      handle: async ({ UserName = "", TagKeys }: UntagUserRequest) => {
        const keys = readTagKeys(TagKeys);
        await changeTags(UserName, ({ tags }) => removeTags(tags, keys));
        return {};
      },
    }),
    ListUserTags: operation({
      readOnly: true,
      audit: "management",
      ...onUser("iam:ListUserTags", directory),
      handle: async ({ UserName, ...page }: ListUserTagsRequest, call) => {
        const { tags } = await requireSubject(directory, UserName, call);
        return pageTags(tags, page);
      },
    }),
  };
}

async function createUser(deps: IamDeps, input: CreateUserRequest, call: AwsCall): Promise<User> {
  const { counters, log } = deps;
  const { UserName = "", Path = "/", Tags, PermissionsBoundary } = input;
  checkUserName("userName", UserName, 64);
  checkPath("path", Path);
  const tags = readTags(Tags);
  if (PermissionsBoundary !== undefined) {
    throw iamErrors.invalidInput("This server knows no permissions boundaries.");
  }
  const user = await counters.change("identity", (transaction) =>
    addUser(transaction, deps, { name: UserName, path: Path, tags, passwordHash: null }),
  );
  log.info("Created a user.", { user: UserName, by: call.principal.arn });
  return {
    Path,
    UserName,
    UserId: user.iamId,
    Arn: arnOfUser(call.accountId, { path: Path, name: UserName }),
    CreateDate: user.createdAt,
    ...(Tags && Tags.length > 0 && { Tags: writeTags(tags) }),
  };
}

async function renameUser(deps: IamDeps, input: UpdateUserRequest, call: AwsCall): Promise<void> {
  const { UserName = "", NewUserName, NewPath } = input;
  checkUserName("newUserName", NewUserName, 64);
  checkPath("newPath", NewPath);
  await deps.counters.change("identity", async (transaction) => {
    const user = await requireUserRecord(transaction, UserName);
    const name = NewUserName ?? user.name;
    const other = await findUserByName(transaction, name);
    if (other && other.id !== user.id) throw iamErrors.userExists(name);
    await updateUserName(transaction, user.id, { name, path: NewPath ?? user.path });
  });
  deps.log.info("Renamed a user.", {
    user: UserName,
    name: NewUserName,
    path: NewPath,
    by: call.principal.arn,
  });
}

/** As on AWS, whatever belongs to a user goes first; the console does it all in one. */
async function refuseReferencedUser(transaction: Transaction<Tables>, user: UserRecord): Promise<void> {
  if (await isLastAdministrator(transaction, user.id)) throw iamErrors.lastAdministrator(user.name);
  if ((await countAccessKeys(transaction, user.id)) > 0) throw iamErrors.deleteConflict("remove access keys");
  if (user.passwordHash !== null) throw iamErrors.deleteConflict("delete login profile");
  const tables = [
    ["user_policies", "detach all policies"],
    ["user_inline_policies", "delete policies"],
    ["service_specific_credentials", "remove referenced objects"],
  ] as const;
  for (const [table, first] of tables) {
    const row = await transaction
      .selectFrom(table)
      .select("user_id")
      .where("user_id", "=", user.id)
      .limit(1)
      .executeTakeFirst();
    if (row) throw iamErrors.deleteConflict(first);
  }
}

function describeUser(user: DirectoryUser, lastSignIn?: Date, tags: User["Tags"] = []): User {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: user.createdAt,
    ...(lastSignIn && { PasswordLastUsed: lastSignIn }),
    ...(tags.length > 0 && { Tags: tags }),
  };
}

/** Root has neither name nor path. */
function describeRoot({ accountId }: AwsCall, createdAt: Date): Partial<User> {
  return { UserId: accountId, Arn: arnOfRoot(accountId), CreateDate: createdAt };
}
