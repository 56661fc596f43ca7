#!/usr/bin/env node
/** The command `nepho`: installs what is missing, then runs the command line on the Node that package.json names. */
import { runTarget } from "./setup/run-target.mjs";

const args = process.argv.slice(2);
process.exitCode = await runTarget({
  script: "src/cli/main.ts",
  arguments: args,
  needsWeb: args[0] === "serve" && !args.includes("--help"),
  keepDirectory: true,
});
