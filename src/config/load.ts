import type { Setting } from "./setting.ts";
import { environmentName, type Settings, settings } from "./settings.ts";

export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

export interface LoadedSettings {
  readonly settings: Settings;
  /** Problems of all settings together; nothing may start while there is one. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads all settings from `environment`; every problem is reported, not only the first. An empty variable counts as
 * absent. Variables that start with `NEPHO_` and are no setting are problems too: a typo must not pass silently.
 */
export function loadSettings(
  environment: Record<string, string | undefined>,
  readFile: (path: string) => string,
): LoadedSettings {
  const problems: ConfigProblem[] = [];
  const values: Record<string, unknown> = {};
  const known = new Set(toolVariables);
  for (const [name, setting] of Object.entries(settings) as [string, Setting<unknown>][]) {
    const variable = environmentName(name);
    known.add(variable);
    if (setting.secret) known.add(`${variable}_FILE`);
    try {
      const given = readValue(variable, setting.secret, environment, readFile);
      values[name] = given === undefined ? setting.default : setting.parse(given);
    } catch (error) {
      problems.push({ variable, message: error instanceof Error ? error.message : String(error) });
      values[name] = setting.default;
    }
  }
  for (const variable of Object.keys(environment)) {
    if (variable.startsWith("NEPHO_") && !known.has(variable))
      problems.push({ variable, message: "is not a setting; see docs/reference/configuration.md" });
  }
  return { settings: Object.freeze(values) as Settings, problems };
}

/** Variables of the command line client and of the tests, which share the prefix. */
const toolVariables = [
  "NEPHO_URL",
  "NEPHO_TOKEN",
  "NEPHO_TOKEN_FILE",
  "NEPHO_TEST_DATABASE_URL",
  "NEPHO_TEST_KILL_ROUNDS",
];

function readValue(
  variable: string,
  secret: boolean,
  environment: Record<string, string | undefined>,
  readFile: (path: string) => string,
): string | undefined {
  const direct = environment[variable] || undefined;
  const path = secret ? environment[`${variable}_FILE`] || undefined : undefined;
  if (path === undefined) return direct;
  if (direct !== undefined) throw new Error(`is given twice, also as ${variable}_FILE`);
  try {
    return readFile(path).trim();
  } catch (error) {
    throw new Error(
      `cannot be read from ${path}: ${(error as NodeJS.ErrnoException).code ?? "unknown error"}`,
    );
  }
}
