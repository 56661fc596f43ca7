import type { AuthenticationMethod, CredentialStatus } from "@nephoscope/contract";

/** What the page's address says: filters, order and which overlay is open. */
export interface CredentialsSearch {
  text?: string;
  method?: AuthenticationMethod;
  status?: CredentialStatus;
  sort?: "name" | "status" | "age";
  /** Id of the credential whose details are open. */
  id?: string;
  /** The form: a new credential, or the one in `id`. */
  form?: "add" | "edit";
}

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function credentialsSearchOf(search: Record<string, unknown>): CredentialsSearch {
  const sort = textOf(search.sort);
  const form = textOf(search.form);
  return withoutUndefined({
    text: textOf(search.text),
    method: textOf(search.method) as AuthenticationMethod | undefined,
    status: textOf(search.status) as CredentialStatus | undefined,
    sort: sort === "status" || sort === "age" ? sort : undefined,
    id: textOf(search.id),
    form: form === "add" || form === "edit" ? form : undefined,
  });
}

function withoutUndefined(search: { [K in keyof CredentialsSearch]: CredentialsSearch[K] | undefined }) {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined),
  ) as CredentialsSearch;
}
