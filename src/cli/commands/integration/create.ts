import { cloudIntegration, envelope } from "../../../contract/index.ts";
import {
  addIntegrationSettings,
  type IntegrationSettings,
  toIntegrationInput,
} from "../../integration-settings.ts";
import { defineVerb } from "../../verb.ts";

export const createIntegration = defineVerb<IntegrationSettings & { name: string }>({
  name: "create",
  summary: "Create a CLOUDWATCH integration: what to collect, with which credential, how often",
  configure: (command) => addIntegrationSettings(command.requiredOption("--name <name>", "name")),
  run: async (cli, _args, options) => {
    const body = { name: options.name, ...(await toIntegrationInput(cli.api, options)) };
    const { response } = await cli.api.post("/api/v2/cloudintegration", envelope(cloudIntegration), { body });
    cli.out.done(
      response,
      `Created ${response.name} (${response.id}). Watch its runs with: nepho integration runs ${response.id}`,
    );
  },
});
