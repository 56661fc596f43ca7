import { createdApiKey } from "../../../contract/index.ts";
import { CliError, usageError } from "../../cli-error.ts";
import { parseInteger } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";
import { showSecret } from "./describe.ts";

interface CreateOptions {
  days?: string;
  neverExpires?: boolean;
  existingUser?: boolean;
}

const usualDays = 90;

export const createKey = defineVerb<CreateOptions>({
  name: "create",
  summary: "Make an API key for sending logs; its value is shown this once",
  configure: (command) =>
    command
      .argument("<user>", "whose key it is; made when missing, with the policy CloudWatchLogsAPIKeyAccess")
      .option("--days <n>", `days until it expires (${usualDays})`)
      .option("--never-expires", "valid until it is deactivated or deleted; not recommended")
      .option("--existing-user", "make no user and attach no policy")
      .addHelpText(
        "after",
        "\nExample, the value straight into a file:\n  (umask 077; nepho key create shop-logs --days 30 > shop-logs.key)",
      ),
  run: async (cli, [userName = ""], { days, neverExpires, existingUser }) => {
    if (neverExpires && days !== undefined)
      throw usageError("--days and --never-expires exclude each other.");
    const ageDays = neverExpires ? null : parseInteger(days ?? String(usualDays), "--days");
    const body = { userName, createUser: existingUser !== true, ageDays };
    const key = await cli.api.post("/api/v1/keys", createdApiKey, { body }).catch(explainLimit(userName));
    showSecret(cli, key);
    if (neverExpires)
      cli.terminal.writeError(
        "Warning: a key that never expires is not recommended; whoever finds it can use it for good.\n",
      );
  },
});

/** AWS's text names the quota only. */
function explainLimit(userName: string) {
  return (error: unknown): never => {
    if (!(error instanceof CliError) || error.details.code !== "limit_exceeded") throw error;
    const hint = `Inactive keys count too. \`nepho key list --user ${userName}\` shows them, \`nepho key delete\` makes room.`;
    throw new CliError(error.exitCode, error.message, [...error.hints, hint], error.details);
  };
}
