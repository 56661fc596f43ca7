import type {
  CreatePolicyVersionRequest,
  DeletePolicyVersionRequest,
  GetPolicyVersionRequest,
  ListPolicyVersionsRequest,
  PolicyVersion,
  SetDefaultPolicyVersionRequest,
} from "@aws-sdk/client-iam";
import type { Transaction } from "kysely";
import type { Tables } from "../../../db/index.ts";
import { check, patternOf } from "../checks.ts";
import { type Operations, operation } from "../deps.ts";
import { pageThrough } from "../paging.ts";
import { quotas } from "../quotas.ts";
import { onPolicy, policyResource } from "./access.ts";
import type { PolicyDeps } from "./deps.ts";
import { checkManagedDocument, encodeDocument } from "./documents.ts";
import { policyErrors } from "./errors.ts";
import {
  type KnownPolicy,
  listVersions,
  type OwnPolicy,
  requireOwnPolicy,
  requirePolicy,
  versionId,
} from "./known-policy.ts";
import { deleteVersionRecord, insertVersion, setVersions, type VersionRecord } from "./policy-queries.ts";

export function createPolicyVersionOperations(deps: PolicyDeps): Operations {
  const { kysely, accountId, log } = deps;
  return {
    CreatePolicyVersion: operation({
      readOnly: false,
      audit: "management",
      access: (input: CreatePolicyVersionRequest) => onPolicy("iam:CreatePolicyVersion", deps)(input),
      resources: policyResource,
      handle: async (input: CreatePolicyVersionRequest, call) => {
        const PolicyVersion = await createVersion(deps, input);
        log.info("Created a version of a policy.", {
          policy: input.PolicyArn,
          version: PolicyVersion.VersionId,
          isDefault: PolicyVersion.IsDefaultVersion,
          by: call.principal.arn,
        });
        return { PolicyVersion };
      },
    }),
    GetPolicyVersion: operation({
      readOnly: true,
      audit: "management",
      access: (input: GetPolicyVersionRequest) => onPolicy("iam:GetPolicyVersion", deps)(input),
      resources: policyResource,
      handle: async ({ PolicyArn = "", VersionId = "" }: GetPolicyVersionRequest) => {
        const policy = await requirePolicy(kysely, PolicyArn, accountId);
        const found = findVersion(await listVersions(kysely, policy), policy, VersionId);
        return {
          PolicyVersion: { Document: encodeDocument(found.document), ...describeVersion(found, policy) },
        };
      },
    }),
    ListPolicyVersions: operation({
      readOnly: true,
      audit: "management",
      access: (input: ListPolicyVersionsRequest) => onPolicy("iam:ListPolicyVersions", deps)(input),
      resources: policyResource,
      handle: async ({ PolicyArn = "", ...page }: ListPolicyVersionsRequest) => {
        const policy = await requirePolicy(kysely, PolicyArn, accountId);
        const { items, ...paging } = pageThrough(await listVersions(kysely, policy), newestFirst, page);
        return { Versions: items.map((version) => describeVersion(version, policy)), ...paging };
      },
    }),
    SetDefaultPolicyVersion: onVersion(
      "SetDefaultPolicyVersion",
      "Set the default version of a policy.",
      deps,
      async (transaction, policy, version) => {
        const at = new Date(deps.clock.now());
        const { id, newestVersion } = policy.record;
        await setVersions(transaction, id, { defaultVersion: version, newestVersion, at });
      },
    ),
    DeletePolicyVersion: onVersion(
      "DeletePolicyVersion",
      "Deleted a version of a policy.",
      deps,
      async (transaction, policy, version) => {
        if (version === policy.defaultVersion) throw policyErrors.isDefaultVersion();
        await deleteVersionRecord(transaction, policy.record.id, version);
      },
    ),
  };
}

/** A change of one version of a policy that the account wrote. */
function onVersion(
  name: "SetDefaultPolicyVersion" | "DeletePolicyVersion",
  message: string,
  deps: PolicyDeps,
  change: (transaction: Transaction<Tables>, policy: OwnPolicy, version: number) => Promise<void>,
) {
  const { counters, accountId, log } = deps;
  type Input = SetDefaultPolicyVersionRequest & DeletePolicyVersionRequest;
  return operation({
    readOnly: false,
    audit: "management",
    access: (input: Input) => onPolicy(`iam:${name}`, deps)(input),
    resources: policyResource,
    handle: async ({ PolicyArn = "", VersionId = "" }: Input, call) => {
      await counters.change("identity", async (transaction) => {
        const policy = await requireOwnPolicy(transaction, PolicyArn, accountId);
        const found = findVersion(await listVersions(transaction, policy), policy, VersionId);
        await change(transaction, policy, found.version);
      });
      log.info(message, { policy: PolicyArn, version: VersionId, by: call.principal.arn });
      return {};
    },
  });
}

async function createVersion(deps: PolicyDeps, input: CreatePolicyVersionRequest): Promise<PolicyVersion> {
  const { PolicyArn: arn = "", PolicyDocument: document = "", SetAsDefault } = input;
  const { counters, accountId, clock } = deps;
  checkManagedDocument(document);
  return counters.change("identity", async (transaction) => {
    const policy = await requireOwnPolicy(transaction, arn, accountId);
    const { record } = policy;
    if ((await listVersions(transaction, policy)).length >= quotas.versionsPerPolicy) {
      throw policyErrors.tooManyVersions(quotas.versionsPerPolicy);
    }
    const at = new Date(clock.now());
    const created = { version: record.newestVersion + 1, document, createdAt: at };
    const defaultVersion = SetAsDefault ? created.version : record.defaultVersion;
    await insertVersion(transaction, record.id, created);
    await setVersions(transaction, record.id, { defaultVersion, newestVersion: created.version, at });
    return describeVersion(created, { defaultVersion });
  });
}

function findVersion(
  versions: readonly VersionRecord[],
  { arn }: KnownPolicy,
  wanted: string,
): VersionRecord {
  check(patternOf("versionId", wanted, /^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/));
  const found = versions.find(({ version }) => versionId(version) === wanted);
  if (!found) throw policyErrors.noSuchVersion(arn, wanted);
  return found;
}

function describeVersion(
  { version, createdAt }: VersionRecord,
  { defaultVersion }: Pick<KnownPolicy, "defaultVersion">,
): PolicyVersion {
  return {
    VersionId: versionId(version),
    IsDefaultVersion: version === defaultVersion,
    CreateDate: createdAt,
  };
}

/** Sorts as the list is sorted: the higher the number, the smaller the key. */
function newestFirst({ version }: VersionRecord): string {
  return String(1e9 - version).padStart(10, "0");
}
