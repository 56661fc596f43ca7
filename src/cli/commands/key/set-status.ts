import { type ApiKeyUpdate, apiKey } from "../../../contract/index.ts";
import { defineVerb, type Verb } from "../../verb.ts";

export const activateKey = statusVerb("activate", "Active", "Let an API key be used again");
export const deactivateKey = statusVerb("deactivate", "Inactive", "Refuse an API key until it is activated");

function statusVerb(name: string, status: ApiKeyUpdate["status"], summary: string): Verb {
  return defineVerb({
    name,
    summary,
    configure: (command) => command.argument("<id>", "id of the key, see `nepho key list`"),
    run: async (cli, [id = ""]) => {
      const path = `/api/v1/keys/${encodeURIComponent(id)}`;
      const key = await cli.api.put(path, apiKey, { body: { status } });
      cli.out.done(key, `${key.id} of ${key.userName} is ${key.status.toLowerCase()}.`);
    },
  });
}
