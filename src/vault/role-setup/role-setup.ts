import { AppError } from "../../base/index.ts";
import {
  type Principal,
  partitionOfRegion,
  type RoleSetup,
  type RoleSetupInput,
} from "../../contract/index.ts";
import type { ExternalIds } from "../external-ids.ts";
import { permissionsPolicy, trustablePrincipal, trustPolicy } from "./policies.ts";
import { awsCli, cloudFormation, type RoleText, terraform } from "./texts.ts";

export interface RoleSetupDependencies {
  readonly externalIds: ExternalIds;
  /** ARN that a credential's last test saw. */
  identityOf(credentialId: string): Promise<string | undefined>;
  readonly defaultBaseId?: (() => Promise<string | null>) | undefined;
  /** ARN of whoever the server is in AWS by itself; undefined when it is nobody, or may not be used. */
  serverIdentity(): Promise<string | undefined>;
}

/** Everything a person needs to make a role that we can assume, and that nobody can misuse through us. */
export function createRoleSetup(dependencies: RoleSetupDependencies) {
  return async (input: RoleSetupInput, caller: Pick<Principal, "arn"> = { arn: "" }): Promise<RoleSetup> => {
    const partition = partitionOfRegion(input.region)?.id ?? "aws";
    const principal = trustablePrincipal(await principalOf(input, dependencies));
    if (principal.arn.split(":")[1] !== partition) {
      throw invalid(
        "principalArn",
        `${principal.arn} is not in the partition ${partition} of the region ${input.region}.`,
      );
    }
    if (input.features.includes("cloudtrail-s3") && input.bucketName === undefined) {
      throw invalid("bucketName", "Reading a trail from S3 needs the name of its bucket.");
    }
    const externalId = input.externalId ?? (await dependencies.externalIds.create(caller)).id;
    const text: RoleText = {
      roleName: input.roleName,
      principalArn: principal.arn,
      externalId,
      trust: trustPolicy(principal.arn, externalId),
      permissions: permissionsPolicy(input.features, { partition, bucketName: input.bucketName ?? "" }),
    };
    return {
      partition,
      principalArn: principal.arn,
      externalId,
      roleName: input.roleName,
      trustPolicy: JSON.stringify(text.trust, null, 2),
      permissionsPolicy: JSON.stringify(text.permissions, null, 2),
      cloudFormation: cloudFormation(text),
      terraform: terraform(text),
      awsCli: awsCli(text),
      notes: notesFor(input, principal.isRoleOfSession),
    };
  };
}

async function principalOf(input: RoleSetupInput, dependencies: RoleSetupDependencies): Promise<string> {
  if (input.principalArn) return input.principalArn;
  const baseId = input.baseCredentialId ?? (await dependencies.defaultBaseId?.());
  if (!baseId) {
    const server = await dependencies.serverIdentity();
    if (server) return server;
    throw invalid("principalArn", "Say who assumes the role: an ARN, or a credential that was tested.");
  }
  const arn = await dependencies.identityOf(baseId);
  if (!arn) {
    throw invalid(
      "baseCredentialId",
      "The credential has not been tested successfully, so its identity is not known. Test it first.",
    );
  }
  return arn;
}

function notesFor({ features }: RoleSetupInput, isRoleOfSession: boolean): string[] {
  const notes = [
    "The CloudFormation stack needs the capability CAPABILITY_NAMED_IAM; its output RoleArn is what to enter here.",
    "After a change of the role, AWS may take a minute before it accepts the first AssumeRole.",
    "If the assuming identity is deleted and made again, save the trust policy again: AWS keeps the old identity's id, not its name.",
    "For many accounts, use the same template in a CloudFormation StackSet.",
  ];
  if (isRoleOfSession) {
    notes.push(
      "The principal was derived from a session; if its role has a path, put the role's full ARN in its place.",
    );
  }
  if (features.includes("costs")) {
    notes.push(
      "Cost Explorer must be switched on in the account, and IAM access to billing be allowed; the first data takes 24 hours.",
    );
  }
  if (features.includes("cloudtrail-s3")) {
    notes.push("If the trail is encrypted with a KMS key, the role also needs kms:Decrypt on that key.");
  }
  if (features.includes("key-age")) {
    notes.push("The age of access keys can only be read for users; in a role the statement has no effect.");
  }
  return notes;
}

function invalid(path: string, message: string): AppError {
  return new AppError("validation_failed", { message, fields: [{ path, message }] });
}
