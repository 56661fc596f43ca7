/**
 * Settings: one table, read once from the environment, checked as a whole and frozen. Only `main.ts` enters here; all
 * other areas receive the few values they need.
 */
export { type ConfigProblem, type LoadedSettings, loadSettings } from "./load.ts";
export { renderSettingsTable } from "./manual.ts";
export { createReferenceResolver, readDeclaration } from "./reference.ts";
export { environmentName, type Settings, secretVariables } from "./settings.ts";
