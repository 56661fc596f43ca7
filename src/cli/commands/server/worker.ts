import { defineVerb } from "../../verb.ts";

export const worker = defineVerb({
  name: "worker",
  summary: "Start a collector without listeners, beside a server on the same PostgreSQL and ClickHouse",
  run: (cli) => cli.terminal.runServer(["worker"]),
});
