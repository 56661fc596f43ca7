import type {
  CreateServiceSpecificCredentialRequest,
  DeleteServiceSpecificCredentialRequest,
  ListServiceSpecificCredentialsRequest,
  ResetServiceSpecificCredentialRequest,
  ServiceSpecificCredential,
  ServiceSpecificCredentialMetadata,
  UpdateServiceSpecificCredentialRequest,
} from "@aws-sdk/client-iam";
import type { AwsCall, AwsResource } from "../../contract/index.ts";
import type { Asker } from "../authorizer.ts";
import type { DirectoryCredential } from "../directory/build-directory.ts";
import type { DirectoryHolder } from "../directory/directory.ts";
import { arnOfUser } from "../principals.ts";
import {
  describeCredential,
  requireService,
  type ServiceCredential,
  type ServiceCredentialWithSecret,
} from "../service-credentials/credentials.ts";
import { type ChangeVerb, credentialContext, type Target } from "../service-credentials/questions.ts";
import { check, checkUserName, lengthOf, oneOf, patternOf } from "./checks.ts";
import { type IamDeps, type Operations, operation } from "./deps.ts";
import { iamErrors } from "./errors.ts";
import { pageThrough } from "./paging.ts";
import { onUser, requireSubject, userResource } from "./subjects.ts";

type Create = CreateServiceSpecificCredentialRequest;
type List = ListServiceSpecificCredentialsRequest;

interface OnCredential {
  readonly UserName?: string | undefined;
  readonly ServiceSpecificCredentialId: string | undefined;
}

const secretMembers = ["ServiceCredentialSecret", "ServicePassword"];

/**
 * Where a change names no user, AWS takes the caller to own the credential. Here it is the user whom the id belongs to, if
 * the caller may change that user's credentials: administrators delete a leaked key by its id alone.
 */
export function createCredentialOperations(deps: IamDeps): Operations {
  const { directory, credentials } = deps;
  const checkedTarget = (input: OnCredential, call: AwsCall): Target => {
    const { UserName, ServiceSpecificCredentialId: id = "" } = input;
    checkUserName("userName", UserName, 64);
    check(
      lengthOf("serviceSpecificCredentialId", id, 20, 128),
      patternOf("serviceSpecificCredentialId", id, /^[\w]+$/),
    );
    return targetOf(input, call);
  };
  const onCredential = (verb: ChangeVerb) => ({
    access: (input: OnCredential, call: AwsCall) =>
      credentials.access(verb, targetOf(input, call), askerOf(call)),
    resources: ownerOf(directory),
  });
  return {
    CreateServiceSpecificCredential: operation({
      readOnly: false,
      audit: "management",
      secretMembers,
      ...onUser("iam:CreateServiceSpecificCredential", directory, (input: Create) =>
        credentialContext(input.ServiceName ?? "", input.CredentialAgeDays),
      ),
      handle: async (input: Create, call) => {
        const { UserName = "", ServiceName = "", CredentialAgeDays } = input;
        checkUserName("userName", UserName, 64);
        const created = await credentials.create(
          { userName: UserName, serviceName: ServiceName, ageDays: CredentialAgeDays },
          askerOf(call),
        );
        return { ServiceSpecificCredential: withSecret(created) };
      },
    }),
    ListServiceSpecificCredentials: createListOperation(deps),
    UpdateServiceSpecificCredential: operation({
      readOnly: false,
      audit: "management",
      ...onCredential("Update"),
      handle: async (input: UpdateServiceSpecificCredentialRequest, call) => {
        const { Status } = input;
        const target = checkedTarget(input, call);
        check(oneOf("status", Status, ["Active", "Inactive", "Expired"]));
        if (Status === "Expired") throw iamErrors.invalidInput("Operation does not support status Expired");
        const status = Status === "Active" ? "Active" : "Inactive";
        await credentials.setStatus(target, status, askerOf(call));
        return {};
      },
    }),
    ResetServiceSpecificCredential: operation({
      readOnly: false,
      audit: "management",
      secretMembers,
      ...onCredential("Reset"),
      handle: async (input: ResetServiceSpecificCredentialRequest, call) => ({
        ServiceSpecificCredential: withSecret(
          await credentials.reset(checkedTarget(input, call), askerOf(call)),
        ),
      }),
    }),
    DeleteServiceSpecificCredential: operation({
      readOnly: false,
      audit: "management",
      ...onCredential("Delete"),
      handle: async (input: DeleteServiceSpecificCredentialRequest, call) => {
        await credentials.delete(checkedTarget(input, call), askerOf(call));
        return {};
      },
    }),
  };
}

function createListOperation({ directory, clock }: IamDeps) {
  const action = "iam:ListServiceSpecificCredentials";
  const ofOne = onUser(action, directory);
  return operation({
    readOnly: true,
    audit: "management",
    access: (input: List, call) =>
      input.AllUsers
        ? [{ action, resource: arnOfUser(call.accountId, { path: "/", name: "*" }) }]
        : ofOne.access(input, call),
    resources: (input: List, call) => (input.AllUsers ? [] : ofOne.resources(input, call)),
    handle: async (input: List, call) => {
      const { UserName, ServiceName, AllUsers, ...page } = input;
      if (AllUsers && UserName !== undefined) {
        throw iamErrors.invalidInput("Cannot list credentials for all users if a username is given");
      }
      const service = ServiceName ? requireService(ServiceName).name : undefined;
      const users = AllUsers
        ? (await directory.current()).users
        : [await requireSubject(directory, UserName, call)];
      const all = users
        .flatMap((user) => user.credentials)
        .filter(({ serviceName }) => service === undefined || serviceName === service);
      const { items, ...paging } = pageThrough(all, listKeyOf, page);
      return {
        ServiceSpecificCredentials: items.map((row) =>
          describe(describeCredential({ ...row, userName: row.user.name }, clock.now())),
        ),
        ...paging,
      };
    },
  });
}

/** Sorts as the list does: users by name, the credentials of one by age. No name of a user holds a space. */
function listKeyOf({ user, createdAt, recordId }: DirectoryCredential): string {
  return `${user.name.toLowerCase()} ${createdAt.toISOString()} ${recordId}`;
}

function targetOf({ UserName, ServiceSpecificCredentialId: id = "" }: OnCredential, call: AwsCall): Target {
  return { id, owner: UserName, unownedArn: call.principal.arn };
}

function askerOf(call: AwsCall): Asker {
  return { principal: call.principal, facts: call };
}

/** For the audit record: the user that is named, else the one whom the id belongs to. */
function ownerOf(directory: DirectoryHolder) {
  return async (input: OnCredential): Promise<readonly AwsResource[]> => {
    const { UserName, ServiceSpecificCredentialId: id = "" } = input;
    const held = await directory.current();
    const arn = UserName === undefined ? held.credential(id)?.user.arn : held.arnOfName(UserName);
    return arn === undefined ? [] : [userResource(arn)];
  };
}

function describe(credential: ServiceCredential): ServiceSpecificCredentialMetadata {
  return {
    UserName: credential.userName,
    Status: credential.status,
    ServiceCredentialAlias: credential.alias,
    CreateDate: credential.createdAt,
    ...(credential.expiresAt && { ExpirationDate: credential.expiresAt }),
    ServiceSpecificCredentialId: credential.id,
    ServiceName: credential.serviceName,
  };
}

function withSecret(credential: ServiceCredentialWithSecret): ServiceSpecificCredential {
  return {
    CreateDate: credential.createdAt,
    ...(credential.expiresAt && { ExpirationDate: credential.expiresAt }),
    ServiceName: credential.serviceName,
    ServiceCredentialAlias: credential.alias,
    ServiceCredentialSecret: credential.secret,
    ServiceSpecificCredentialId: credential.id,
    UserName: credential.userName,
    Status: credential.status,
  };
}
