import { type Kysely, sql } from "kysely";
import { AppError } from "../base/index.ts";
import type { Policy } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import { managedPolicies } from "./policy/managed-policies.ts";
import { arnOfPolicy } from "./principals.ts";

/** A managed policy as `user_policies` names it: one of AWS's by its name, a customer's by the id of its record. */
export interface Attachment {
  readonly policyName: string | null;
  readonly policyId: string | null;
  readonly arn: string;
}

type Connection = Kysely<Tables>;

/** Every policy that can be attached: AWS's own, then those of the customer by name. */
export async function listPolicies(db: Connection, accountId: string): Promise<Policy[]> {
  const customer = await db
    .selectFrom("policies")
    .innerJoin("policy_versions", (join) =>
      join
        .onRef("policy_versions.policy_id", "=", "policies.id")
        .onRef("policy_versions.version", "=", "policies.default_version"),
    )
    .select(["policies.name", "policies.path", "policies.description", "policy_versions.document"])
    .orderBy(sql`lower(policies.name)`)
    .execute();
  return [
    ...Object.values(managedPolicies).map(({ name, arn, description, document }) => {
      return { name, arn, description, document, origin: "aws" as const };
    }),
    ...customer.map((row) => ({
      name: row.name,
      arn: arnOfPolicy(accountId, row),
      description: row.description ?? "",
      document: JSON.parse(row.document) as unknown,
      origin: "customer" as const,
    })),
  ];
}

/** Finds policies by name or ARN. Throws `validation_failed` for one that is not there. */
export async function findAttachments(
  db: Connection,
  references: readonly string[],
  accountId: string,
): Promise<Attachment[]> {
  const attachments = new Map<string, Attachment>();
  for (const reference of references) {
    const found = await findAttachment(db, reference, accountId);
    if (!found) {
      throw new AppError("validation_failed", {
        fields: [{ path: "policies", message: `No policy has the name or ARN ${reference}.` }],
      });
    }
    attachments.set(found.arn, found);
  }
  return [...attachments.values()];
}

/** The ARN that each would have: whoever may not attach anything is not to learn which of them there are. */
export async function arnsOfReferences(
  db: Connection,
  references: readonly string[],
  accountId: string,
): Promise<string[]> {
  const arns = new Set<string>();
  for (const reference of references) {
    const found = await findAttachment(db, reference, accountId);
    const named = reference.startsWith("arn:")
      ? reference
      : arnOfPolicy(accountId, { path: "/", name: reference });
    arns.add(found?.arn ?? named);
  }
  return [...arns];
}

async function findAttachment(db: Connection, reference: string, accountId: string) {
  return findManaged(reference) ?? (await findCustomer(db, reference, accountId));
}

function findManaged(reference: string): Attachment | undefined {
  const policy = Object.values(managedPolicies).find(
    ({ name, arn }) => reference === name || reference === arn,
  );
  return policy && { policyName: policy.name, policyId: null, arn: policy.arn };
}

async function findCustomer(
  db: Connection,
  reference: string,
  accountId: string,
): Promise<Attachment | undefined> {
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  const row = await db
    .selectFrom("policies")
    .select(["id", "name", "path"])
    .where(sql`lower(name)`, "=", name.toLowerCase())
    .executeTakeFirst();
  if (!row) return undefined;
  const arn = arnOfPolicy(accountId, row);
  const isMeant = reference.startsWith("arn:") ? reference === arn : reference === name;
  return isMeant ? { policyName: null, policyId: row.id, arn } : undefined;
}
