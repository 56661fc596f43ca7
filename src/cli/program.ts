import { Command, CommanderError } from "commander";
import { createApi } from "./api.ts";
import { CliError, exitCodes, usageError } from "./cli-error.ts";
import { nouns, serverVerbs } from "./commands/index.ts";
import { type ConnectionOptions, resolveConnection, resolveUrl } from "./connection.ts";
import { escapeText } from "./output/escape.ts";
import { createOutput } from "./output/output.ts";
import type { Terminal } from "./terminal.ts";
import type { Verb } from "./verb.ts";

type GlobalOptions = ConnectionOptions & { json?: boolean };

const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 not authorised, 4 not found, 5 server unreachable, 6 conflict.
Connection: --url or NEPHO_URL; token from --token-file, NEPHO_TOKEN, NEPHO_TOKEN_FILE or, for a server on this machine,
<NEPHO_DATA_DIR>/first-run.json.`;

/** Runs one command line (without program and script) and gives the exit code. Never throws for what a user can do wrong. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  const outcome = { exitCode: 0 };
  const program = buildProgram(terminal, outcome);
  try {
    await program.parseAsync([...args], { from: "user" });
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (!(error instanceof CliError)) throw error;
    reportError(error, args.includes("--json"), terminal);
    return error.exitCode;
  }
}

function buildProgram(terminal: Terminal, outcome: { exitCode: number }): Command {
  const program = prepare(new Command("nepho"), terminal)
    .description("Nephoscope: AWS credentials kept safe, metrics collected, everything queryable.")
    .version(terminal.version)
    .addHelpText("after", exitCodeHelp);
  for (const verb of serverVerbs) addVerb(program, verb, terminal, outcome);
  for (const noun of nouns) {
    const command = prepare(program.command(noun.name), terminal).description(noun.summary);
    for (const verb of noun.verbs) addVerb(command, verb, terminal, outcome);
  }
  return program;
}

/** Errors are thrown, not exited with; help and messages go where the terminal says. */
function prepare(command: Command, terminal: Terminal): Command {
  return command.exitOverride().configureOutput({
    writeOut: (text) => terminal.write(text),
    writeErr: (text) => terminal.writeError(text),
    getOutHelpWidth: () => terminal.columns,
    getErrHelpWidth: () => terminal.columns,
  });
}

function addVerb(parent: Command, verb: Verb, terminal: Terminal, outcome: { exitCode: number }): void {
  const command = prepare(parent.command(verb.name), terminal)
    .description(verb.summary)
    .showHelpAfterError("(--help shows what it takes)");
  verb.configure?.(command);
  command
    .option("--json", "print JSON, for machines")
    .option("--url <url>", "address of the server's console")
    .option("--token-file <path>", "file with a REST token");
  command.action(async () => {
    requireArguments(command);
    const options = command.opts<GlobalOptions>();
    const cli = {
      api: createApi(() => resolveConnection(options, terminal), terminal),
      out: createOutput(terminal, options.json === true),
      terminal,
      serverUrl: () => resolveUrl(options, terminal),
    };
    outcome.exitCode =
      (await verb.run(cli, command.args, options as Record<string, unknown>)) ?? exitCodes.ok;
  });
}

/** `nepho key delete "$ID"` with an ID that was never set names nothing, and would be asked of another path. */
function requireArguments(command: Command): void {
  for (const [index, argument] of command.registeredArguments.entries())
    if (argument.required && command.args[index]?.trim() === "")
      throw usageError(`<${argument.name()}> is empty.`, "--help shows what it takes.");
}

function reportError(error: CliError, json: boolean, terminal: Terminal): void {
  if (json) {
    const body = { error: { message: error.message, hints: error.hints, ...error.details } };
    terminal.writeError(`${JSON.stringify(body, null, 2)}\n`);
    return;
  }
  const lines = [`Error: ${error.message}`, ...error.hints.map((hint) => `  ${hint}`)];
  terminal.writeError(lines.map((line) => `${escapeText(line)}\n`).join(""));
}
