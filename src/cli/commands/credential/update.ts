import { credential } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { findCredential } from "../../find-credential.ts";
import { defineVerb } from "../../verb.ts";
import { describeCredential } from "./describe.ts";
import { addCredentialFields, buildCredentialFields, type CredentialFieldOptions } from "./fields.ts";

export const updateCredential = defineVerb<CredentialFieldOptions>({
  name: "update",
  summary: "Change a credential; what is not given stays, secrets included",
  configure: (command) =>
    addCredentialFields(command.argument("<credential>", "name or id").option("--name <name>", "new name")),
  run: async (cli, [idOrName = ""], options) => {
    const current = await findCredential(cli.api, idOrName);
    const replacesKey = options.accessKeyId !== undefined;
    const fields = await buildCredentialFields(options, cli.terminal, replacesKey);
    if (Object.keys(fields).length === 0) throw usageError("Nothing to change: give at least one option.");
    const body = { ...fields, version: current.version };
    const changed = await cli.api.put(`/api/v1/credentials/${current.id}`, credential, { body });
    cli.out.show(changed, () => `Changed.\n\n${describeCredential(changed, cli.terminal.clock.now())}`);
  },
});
