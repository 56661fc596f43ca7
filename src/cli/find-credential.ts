import { type Credential, credential, credentialPage, uuid } from "../contract/index.ts";
import type { Api } from "./api.ts";
import { CliError, exitCodes, usageError } from "./cli-error.ts";

/** A credential by its id or its exact name. */
export async function findCredential(api: Api, idOrName: string): Promise<Credential> {
  if (uuid.safeParse(idOrName).success) return api.get(`/api/v1/credentials/${idOrName}`, credential);
  const page = await api.get("/api/v1/credentials", credentialPage, {
    query: { text: idOrName, limit: 1000 },
  });
  const found = page.items.filter(({ name }) => name === idOrName);
  if (found.length === 1) return found[0] as Credential;
  if (found.length > 1) throw usageError(`Several credentials are named "${idOrName}"; give the id.`);
  throw new CliError(exitCodes.notFound, `No credential has the id or name "${idOrName}".`, [
    "See `nepho credential list`.",
  ]);
}
