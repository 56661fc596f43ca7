import type { CreatedApiKey } from "../../../contract/index.ts";
import type { Cli } from "../../verb.ts";

/** The value alone on standard output, so that it can go straight into a file; what people need to know beside it. */
export function showSecret(cli: Cli, key: CreatedApiKey): void {
  cli.out.show(key, () => `${key.secret}\n`);
  if (cli.out.json) return;
  cli.terminal.writeError(
    `Keep it now: it is not shown again. Id ${key.id} of ${key.userName}, expires ${key.expiresAt ?? "never"}.\n`,
  );
}
