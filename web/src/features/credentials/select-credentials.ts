import type { Credential } from "@nephoscope/contract";
import type { CredentialsSearch } from "./search.ts";

const worst = { failed: 0, partial: 1, untested: 2, ok: 3 };

/** The credentials that the filters ask for, in the order they ask for. */
export function selectCredentials(
  credentials: readonly Credential[],
  search: CredentialsSearch,
): Credential[] {
  const needle = search.text?.trim().toLowerCase() ?? "";
  return credentials
    .filter((credential) => search.method === undefined || credential.method === search.method)
    .filter((credential) => search.status === undefined || credential.status === search.status)
    .filter((credential) => needle === "" || searchableText(credential).includes(needle))
    .toSorted(
      (left, right) => orderOf(search.sort, left, right) || left.name.localeCompare(right.name, "en"),
    );
}

function orderOf(sort: CredentialsSearch["sort"], left: Credential, right: Credential): number {
  if (sort === "status") return worst[left.status] - worst[right.status];
  if (sort === "age") return ageKey(left).localeCompare(ageKey(right));
  return 0;
}

const ageKey = (credential: Credential) => credential.secretUpdatedAt ?? credential.createdAt;

function searchableText(credential: Credential): string {
  return [
    credential.name,
    credential.description,
    credential.region,
    credential.accessKeyIdMasked,
    credential.identity?.accountId,
    credential.identity?.arn,
    ...credential.roleChain.map((hop) => hop.roleArn),
    ...Object.entries(credential.tags).flat(),
  ]
    .join("\n")
    .toLowerCase();
}
