import type { Policy } from "@aws-sdk/client-iam";
import type { Kysely } from "kysely";
import type { Tables } from "../../../db/index.ts";
import { findManagedPolicy, type ManagedPolicy, managedPolicies } from "../../policy/managed-policies.ts";
import { arnOfPolicy } from "../../principals.ts";
import { check, lengthOf } from "../checks.ts";
import { type Tags, writeTags } from "../tags.ts";
import { policyErrors } from "./errors.ts";
import {
  findPolicyRecord,
  listPolicyRecords,
  listVersionRecords,
  type PolicyRecord,
  type VersionRecord,
} from "./policy-queries.ts";

/** A managed policy, whoever wrote it. */
export interface KnownPolicy {
  readonly arn: string;
  /** `ANPA…`. */
  readonly iamId: string;
  readonly name: string;
  readonly path: string;
  readonly description: string | undefined;
  readonly defaultVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly tags: Tags;
  /** Undefined: it is AWS's, and part of the program. */
  readonly record: PolicyRecord | undefined;
}

type Connection = Kysely<Tables>;

/** When the policies on board came to be; clients expect a date. */
const publishedAt = new Date("2026-02-01T00:00:00Z");

/** By name, without regard to case, as pages of a list need it. */
export async function listKnownPolicies(db: Connection, accountId: string): Promise<KnownPolicy[]> {
  const own = (await listPolicyRecords(db)).map((record) => fromRecord(record, accountId));
  const all = [...Object.values(managedPolicies).map(fromProgram), ...own];
  return all.sort((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1));
}

export function sortKeyOf({ name, arn }: Pick<KnownPolicy, "name" | "arn">): string {
  return `${name.toLowerCase()} ${arn}`;
}

/** Undefined when there is none. Throws InvalidInput for what is no policy's ARN. */
export async function findPolicy(
  db: Connection,
  arn: string,
  accountId: string,
): Promise<KnownPolicy | undefined> {
  checkPolicyArn(arn);
  const onBoard = findManagedPolicy(arn);
  if (onBoard) return fromProgram(onBoard);
  const record = await findPolicyRecord(db, arn.slice(arn.lastIndexOf("/") + 1));
  return record && arnOfPolicy(accountId, record) === arn ? fromRecord(record, accountId) : undefined;
}

export async function requirePolicy(db: Connection, arn: string, accountId: string): Promise<KnownPolicy> {
  const policy = await findPolicy(db, arn, accountId);
  if (!policy) throw policyErrors.noSuchPolicy(arn);
  return policy;
}

export type OwnPolicy = KnownPolicy & { readonly record: PolicyRecord };

/** One that the account may change: AWS's are not. */
export async function requireOwnPolicy(db: Connection, arn: string, accountId: string): Promise<OwnPolicy> {
  checkPolicyArn(arn);
  if (!arn.startsWith(`arn:aws:iam::${accountId}:`)) throw policyErrors.notYours();
  const { record, ...policy } = await requirePolicy(db, arn, accountId);
  if (!record) throw policyErrors.notYours();
  return { ...policy, record };
}

/** The newest first. */
export async function listVersions(db: Connection, policy: KnownPolicy): Promise<readonly VersionRecord[]> {
  if (policy.record) return listVersionRecords(db, policy.record.id);
  const document = findManagedPolicy(policy.arn)?.text ?? "";
  return [{ version: 1, document, createdAt: policy.createdAt }];
}

/** Lists leave out description and tags, as on AWS. */
export function describePolicy(policy: KnownPolicy, attachmentCount: number): Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.iamId,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: versionId(policy.defaultVersion),
    AttachmentCount: attachmentCount,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: policy.createdAt,
    UpdateDate: policy.updatedAt,
  };
}

export function describePolicyFully(policy: KnownPolicy, attachmentCount: number): Policy {
  return {
    ...describePolicy(policy, attachmentCount),
    ...(policy.description !== undefined && { Description: policy.description }),
    Tags: writeTags(policy.tags),
  };
}

export function versionId(version: number): string {
  return `v${version}`;
}

function checkPolicyArn(arn: string): void {
  check(lengthOf("policyArn", arn, 20, 2048));
  if (!/^arn:aws:iam::(\d{12}|aws):policy\/[!-~]*[\w+=,.@-]$/.test(arn)) throw policyErrors.invalidArn(arn);
}

function fromProgram({ arn, id, name, description }: ManagedPolicy): KnownPolicy {
  return {
    arn,
    iamId: id,
    name,
    path: "/",
    description,
    defaultVersion: 1,
    createdAt: publishedAt,
    updatedAt: publishedAt,
    tags: {},
    record: undefined,
  };
}

function fromRecord(record: PolicyRecord, accountId: string): KnownPolicy {
  const { iamId, name, path, description, defaultVersion, createdAt, updatedAt, tags } = record;
  return {
    arn: arnOfPolicy(accountId, record),
    iamId,
    name,
    path,
    description: description ?? undefined,
    defaultVersion,
    createdAt,
    updatedAt,
    tags,
    record,
  };
}
