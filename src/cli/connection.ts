import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "../base/index.ts";
import { CliError, exitCodes, usageError } from "./cli-error.ts";
import type { Terminal } from "./terminal.ts";

export interface ConnectionOptions {
  readonly url?: string;
  readonly tokenFile?: string;
}

export interface Connection {
  readonly url: string;
  readonly token: Secret;
  /** Variable or file that the token came from, for the message when the server does not know it. */
  readonly tokenFrom: string;
}

const defaultUrl = "http://127.0.0.1:8080";

/**
 * Where the server is and how to prove who we are. A token comes from a file or the environment, never from the command
 * line, where other users of the machine could read it.
 */
export function resolveConnection(options: ConnectionOptions, terminal: Terminal): Connection {
  const url = parseUrl(options.url ?? terminal.environment.NEPHO_URL ?? defaultUrl);
  const { token, tokenFrom } = findToken(options, url, terminal);
  if (url.protocol === "http:" && !isLoopback(url)) {
    terminal.writeError(`Warning: the token travels unencrypted to ${url.host}; use https.\n`);
  }
  return { url: url.href.replace(/\/+$/, ""), token, tokenFrom };
}

/** The address alone, for questions that need no token. */
export function resolveUrl(options: ConnectionOptions, terminal: Terminal): string {
  return parseUrl(options.url ?? terminal.environment.NEPHO_URL ?? defaultUrl).href.replace(/\/+$/, "");
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw usageError(`Not a server address: ${text}`, `Give an http or https URL, such as ${defaultUrl}.`);
  }
  return url;
}

function findToken(
  options: ConnectionOptions,
  url: URL,
  terminal: Terminal,
): Pick<Connection, "token" | "tokenFrom"> {
  const { NEPHO_TOKEN, NEPHO_TOKEN_FILE } = terminal.environment;
  const file = options.tokenFile ?? NEPHO_TOKEN_FILE;
  if (options.tokenFile === undefined && NEPHO_TOKEN)
    return { token: new Secret(NEPHO_TOKEN.trim()), tokenFrom: "NEPHO_TOKEN" };
  if (file !== undefined) return { token: new Secret(readTokenFile(file)), tokenFrom: file };
  // The first token of the local server is for that server only: never sent to another machine.
  const firstRun = join(terminal.environment.NEPHO_DATA_DIR ?? "data", "first-run.json");
  if (isLoopback(url) && existsSync(firstRun))
    return { token: new Secret(readFirstRunToken(firstRun)), tokenFrom: firstRun };
  throw new CliError(exitCodes.notAuthorised, `No token for ${url.host}.`, [
    "Set NEPHO_TOKEN, or name a file with --token-file or NEPHO_TOKEN_FILE.",
    isLoopback(url)
      ? `A server started here would have left one in ${firstRun}; set NEPHO_DATA_DIR if its data is elsewhere.`
      : "Tokens are made in the console (gear menu, REST tokens) or with `nepho token create`.",
  ]);
}

function readTokenFile(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw usageError(`The token file cannot be read: ${(error as Error).message}`);
  }
}

function readFirstRunToken(path: string): string {
  try {
    const { restToken } = JSON.parse(readFileSync(path, "utf8")) as { restToken?: unknown };
    if (typeof restToken === "string") return restToken;
  } catch (error) {
    throw usageError(`${path} cannot be read: ${(error as Error).message}`, "Set NEPHO_TOKEN instead.");
  }
  throw usageError(`${path} holds no restToken.`, "Set NEPHO_TOKEN instead.");
}

function isLoopback(url: URL): boolean {
  return /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname);
}
