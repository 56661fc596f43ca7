import { findCredential } from "../../find-credential.ts";
import { defineVerb } from "../../verb.ts";
import { describeCredential } from "./describe.ts";

export const showCredential = defineVerb({
  name: "show",
  summary: "Show one credential; its secrets cannot be shown",
  configure: (command) => command.argument("<credential>", "name or id"),
  run: async (cli, [idOrName = ""]) => {
    const credential = await findCredential(cli.api, idOrName);
    cli.out.show(credential, () => describeCredential(credential, cli.terminal.clock.now()));
  },
});
