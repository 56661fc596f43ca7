import type {
  CreateAccessKeyRequest,
  DeleteAccessKeyRequest,
  GetAccessKeyLastUsedRequest,
  ListAccessKeysRequest,
  UpdateAccessKeyRequest,
} from "@aws-sdk/client-iam";
import type { Transaction } from "kysely";
import { Secret } from "../../base/index.ts";
import type { AwsCall } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import {
  countAccessKeys,
  deleteAccessKey,
  findAccessKey,
  insertAccessKey,
  newAccessKey,
  readAccessKeyUse,
  secretRefOf,
  updateAccessKeyStatus,
} from "../access-keys.ts";
import type { DirectoryUser } from "../directory/build-directory.ts";
import { arnOfRoot } from "../principals.ts";
import { check, lengthOf, oneOf, patternOf } from "./checks.ts";
import { type IamDeps, type Operations, operation } from "./deps.ts";
import { iamErrors } from "./errors.ts";
import { pageThrough } from "./paging.ts";
import { quotas } from "./quotas.ts";
import { onUser, requireSubject } from "./subjects.ts";

export function createAccessKeyOperations(deps: IamDeps): Operations {
  const { directory, counters, vault, log, gate } = deps;
  /** Undefined: root, whose own keys these operations are about when it names no user. */
  const ownerOf = async (name: string | undefined, call: AwsCall): Promise<DirectoryUser | undefined> =>
    name === undefined && call.principal.kind === "root" ? undefined : requireSubject(directory, name, call);
  const change = async (
    input: { UserName?: string | undefined; AccessKeyId: string | undefined },
    call: AwsCall,
    apply: (transaction: Transaction<Tables>, recordId: string) => Promise<void>,
  ): Promise<void> => {
    const { UserName, AccessKeyId = "" } = input;
    checkAccessKeyId(AccessKeyId);
    const owner = await ownerOf(UserName, call);
    await counters.change("identity", async (transaction) => {
      const key = await findAccessKey(transaction, AccessKeyId, owner?.recordId ?? null);
      if (!key) throw iamErrors.noSuchAccessKey(AccessKeyId);
      await apply(transaction, key.id);
    });
  };
  /** With the key only if the caller may ask about it; else he is asked what he would be for a key that there is not. */
  const askForUse = async ({ AccessKeyId = "" }: GetAccessKeyLastUsedRequest, call: AwsCall) => {
    const { directory: held, allows } = await gate({ principal: call.principal, facts: call });
    const key = held.accessKey(AccessKeyId);
    const ask = (resource: string) => ({ action: "iam:GetAccessKeyLastUsed", resource });
    const question = key && ask(key.user?.arn ?? arnOfRoot(call.accountId));
    return question && allows(question) ? { question, key } : { question: ask("*"), key: undefined };
  };

  return {
    CreateAccessKey: operation({
      readOnly: false,
      audit: "management",
      secretMembers: ["SecretAccessKey"],
      ...onUser("iam:CreateAccessKey", directory),
      handle: async ({ UserName }: CreateAccessKeyRequest, call) => {
        const owner = await ownerOf(UserName, call);
        const { accessKeyId, secretAccessKey, createdAt } = await createAccessKey(deps, owner);
        log.info("Created an access key.", {
          accessKeyId,
          user: owner?.name ?? "root",
          by: call.principal.arn,
        });
        return {
          AccessKey: {
            UserName: owner?.name ?? "root",
            AccessKeyId: accessKeyId,
            Status: "Active",
            SecretAccessKey: secretAccessKey,
            CreateDate: createdAt,
          },
        };
      },
    }),
    ListAccessKeys: operation({
      readOnly: true,
      audit: "management",
      ...onUser("iam:ListAccessKeys", directory),
      handle: async ({ UserName, ...page }: ListAccessKeysRequest, call) => {
        const owner = await ownerOf(UserName, call);
        const keys = owner?.accessKeys ?? (await directory.current()).rootAccessKeys;
        const keyOf = ({ createdAt, recordId }: (typeof keys)[number]) =>
          `${createdAt.toISOString()} ${recordId}`;
        const { items, ...paging } = pageThrough(keys, keyOf, page);
        return {
          AccessKeyMetadata: items.map(({ accessKeyId, status, createdAt }) => ({
            UserName: owner?.name ?? "root",
            AccessKeyId: accessKeyId,
            Status: status,
            CreateDate: createdAt,
          })),
          ...paging,
        };
      },
    }),
    UpdateAccessKey: operation({
      readOnly: false,
      audit: "management",
      ...onUser("iam:UpdateAccessKey", directory),
      handle: async (input: UpdateAccessKeyRequest, call) => {
        const { Status, AccessKeyId } = input;
        check(oneOf("status", Status, ["Active", "Inactive"]));
        await change(input, call, (transaction, id) =>
          updateAccessKeyStatus(transaction, id, Status === "Active" ? "Active" : "Inactive"),
        );
        log.info(`Set an access key to ${Status}.`, { accessKeyId: AccessKeyId, by: call.principal.arn });
        return {};
      },
    }),
    DeleteAccessKey: operation({
      readOnly: false,
      audit: "management",
      ...onUser("iam:DeleteAccessKey", directory),
      handle: async (input: DeleteAccessKeyRequest, call) => {
        await change(input, call, (transaction, id) => deleteAccessKey(transaction, vault, id));
        log.info("Deleted an access key.", { accessKeyId: input.AccessKeyId, by: call.principal.arn });
        return {};
      },
    }),
    GetAccessKeyLastUsed: operation({
      readOnly: true,
      audit: "management",
      access: async (input: GetAccessKeyLastUsedRequest, call) => [(await askForUse(input, call)).question],
      handle: async (input: GetAccessKeyLastUsedRequest, call) => {
        const { AccessKeyId = "" } = input;
        checkAccessKeyId(AccessKeyId);
        const { key } = await askForUse(input, call);
        if (!key) throw iamErrors.noSuchAccessKey(AccessKeyId);
        await deps.lastUsed.flush();
        const use = await readAccessKeyUse(deps.kysely, key.recordId);
        return {
          UserName: key.user?.name ?? "root",
          AccessKeyLastUsed: use
            ? { LastUsedDate: use.at, ServiceName: use.service, Region: use.region }
            : { ServiceName: "N/A", Region: "N/A" },
        };
      },
    }),
  };
}

function checkAccessKeyId(id: string): void {
  check(lengthOf("accessKeyId", id, 16, 128), patternOf("accessKeyId", id, /^[\w]+$/));
}

async function createAccessKey(deps: IamDeps, owner: DirectoryUser | undefined) {
  const { counters, vault, random, clock } = deps;
  const key = newAccessKey(random);
  const id = random.uuid();
  const createdAt = new Date(clock.now());
  const userRecordId = owner?.recordId ?? null;
  await counters.change("identity", async (transaction) => {
    if ((await countAccessKeys(transaction, userRecordId)) >= quotas.accessKeysPerUser) {
      throw iamErrors.quotaExceeded("AccessKeysPerUser", quotas.accessKeysPerUser);
    }
    await insertAccessKey(transaction, { id, accessKeyId: key.accessKeyId, userRecordId, createdAt });
    await vault.seal(secretRefOf(id), new Secret(key.secretAccessKey), transaction);
  });
  return { ...key, createdAt };
}
