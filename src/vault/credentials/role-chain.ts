import type { Kysely } from "kysely";
import type { FieldProblem, Principal, RoleHopInput } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import type { ExternalIds } from "../external-ids.ts";
import type { StoredHop } from "./stored.ts";

export interface ChainContext {
  readonly externalIds: ExternalIds;
  readonly executor: Kysely<Tables>;
  readonly caller: Pick<Principal, "arn">;
  readonly recordId: string;
  /** In a test nothing may be stored, so an ID that does not exist yet is a problem. */
  readonly mayCreate: boolean;
}

/**
 * Settles the external ID of each hop. A generated one lives as long as its hop: it is kept when the hop keeps its role or
 * its place, and an ID that we did not make, or that belongs to another record, is refused.
 */
export async function settleChain(
  hops: readonly RoleHopInput[],
  previous: readonly StoredHop[],
  context: ChainContext,
): Promise<{ chain: StoredHop[]; problems: FieldProblem[] }> {
  const chain: StoredHop[] = [];
  const problems: FieldProblem[] = [];
  const roles = new Set(hops.map((hop) => hop.roleArn));
  for (const [index, hop] of hops.entries()) {
    const samePlace = previous[index] && !roles.has(previous[index].roleArn) ? previous[index] : undefined;
    const before = previous.find((old) => old.roleArn === hop.roleArn) ?? samePlace;
    const settled = await settleExternalId(hop, before, context);
    if (typeof settled === "object" && settled !== null) {
      problems.push({ path: `roleChain.${index}.externalId`, message: settled.problem });
    } else {
      chain.push({ ...hop, externalId: settled });
    }
  }
  return { chain, problems };
}

async function settleExternalId(
  hop: RoleHopInput,
  before: StoredHop | undefined,
  context: ChainContext,
): Promise<string | null | { problem: string }> {
  const kept = before?.externalIdSource === hop.externalIdSource ? before.externalId : null;
  if (hop.externalIdSource === "none") {
    return hop.externalId === undefined ? null : { problem: "No external ID was announced for this role." };
  }
  if (hop.externalIdSource === "owner") {
    return hop.externalId ?? kept ?? { problem: "Enter the external ID that the role's owner gave." };
  }
  if (hop.externalId === undefined && kept === null) {
    if (!context.mayCreate)
      return { problem: "Create an external ID first and put it into the role's trust policy." };
    return createId(context);
  }
  const id = hop.externalId ?? kept;
  return id === null || id === kept ? id : claimId(id, context);
}

async function createId({ externalIds, executor, caller, recordId }: ChainContext): Promise<string> {
  const { id } = await externalIds.create(caller, { forRecord: recordId, executor });
  await externalIds.markUsed(id, { forRecord: recordId, executor });
  return id;
}

async function claimId(id: string, context: ChainContext): Promise<string | { problem: string }> {
  const { externalIds, executor, recordId, mayCreate } = context;
  if (!(await externalIds.exists(id, executor))) {
    return {
      problem:
        "This external ID was not made here or has expired; create a new one, or say that the role's owner gave it.",
    };
  }
  const { forRecord } = await externalIds.get(id, executor);
  if (forRecord !== null && forRecord !== recordId) {
    return { problem: "This external ID belongs to another record; each has its own." };
  }
  if (mayCreate) await externalIds.markUsed(id, { forRecord: recordId, executor });
  return id;
}
