import { defineVerb } from "../../verb.ts";

export const serve = defineVerb({
  name: "serve",
  summary: "Start the server: console, endpoint and collector (settings come from NEPHO_* variables)",
  run: (cli) => cli.terminal.runServer(["serve"]),
});
