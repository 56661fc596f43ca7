import { integrationSummaryPage } from "../contract/index.ts";
import type { Api } from "./api.ts";
import { CliError, exitCodes, usageError } from "./cli-error.ts";

/** Id of an integration by its id or its exact name, in the trash when `deleted`. An id is taken as it is: the server knows best. */
export async function findIntegrationId(api: Api, idOrName: string, deleted = false): Promise<string> {
  const page = await api.get("/api/v1/integrations", integrationSummaryPage, {
    query: { limit: 1000, ...(deleted ? { deleted: true } : {}) },
  });
  const found = page.items.filter(({ id, name }) => id === idOrName || name === idOrName);
  if (found.length === 1) return (found[0] as { id: string }).id;
  if (found.length > 1) throw usageError(`Several integrations are named "${idOrName}"; give the id.`);
  if (page.moreItems) return idOrName;
  throw new CliError(
    exitCodes.notFound,
    `No integration${deleted ? " in the trash" : ""} has the id or name "${idOrName}".`,
    ["See `nepho integration list`."],
  );
}
