import { createdToken } from "../../../contract/index.ts";
import { parseInteger } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";

export const createToken = defineVerb<{ days?: string; neverExpires?: boolean }>({
  name: "create",
  summary: "Make a REST token; its value is shown this once",
  configure: (command) =>
    command
      .argument("<name>", "what it is for")
      .option("--days <n>", "days until it expires (90)")
      .option("--never-expires", "valid until revoked"),
  run: async (cli, [name = ""], { days, neverExpires }) => {
    const expiry = neverExpires
      ? { expiresInDays: null }
      : days === undefined
        ? {}
        : { expiresInDays: parseInteger(days, "--days") };
    const token = await cli.api.post("/api/v1/tokens", createdToken, { body: { name, ...expiry } });
    // The value alone on standard output, so that it can go straight into a file.
    cli.out.show(token, () => `${token.value}\n`);
    if (!cli.out.json)
      cli.terminal.writeError(
        `Keep it now: it is not shown again. Id ${token.id}, expires ${token.expiresAt ?? "never"}.\n`,
      );
  },
});
