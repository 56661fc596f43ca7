import { vaultStatus } from "../../../contract/index.ts";
import { exitCodes } from "../../cli-error.ts";
import { defineVerb } from "../../verb.ts";
import { describeVault } from "./describe.ts";

const pollMs = 500;

export const rotateVault = defineVerb<{ wait: boolean }>({
  name: "rotate",
  summary: "Seal everything anew under the first master key; safe to interrupt, exit code 1 when it fails",
  configure: (command) => command.option("--no-wait", "start it and return"),
  run: async (cli, _args, { wait }) => {
    await cli.api.send("POST", "/api/v1/vault/rotate", { body: {} });
    let status = await cli.api.get("/api/v1/vault", vaultStatus);
    while (wait && status.rotation.state === "running") {
      showProgress(status.rotation);
      await cli.terminal.clock.sleep(pollMs);
      status = await cli.api.get("/api/v1/vault", vaultStatus);
    }
    if (cli.terminal.interactive && !cli.out.json) cli.terminal.writeError("\r\u001b[K");
    cli.out.show(status, describeVault);
    return status.rotation.state === "failed" ? exitCodes.failed : exitCodes.ok;

    function showProgress({ done, total }: { done: number; total: number }): void {
      if (cli.terminal.interactive && !cli.out.json)
        cli.terminal.writeError(`\rRotating: ${done} of ${total} `);
    }
  },
});
