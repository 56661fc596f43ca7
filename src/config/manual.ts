import type { Setting } from "./setting.ts";
import { environmentName, settings } from "./settings.ts";

/** The settings table as Markdown, for docs/reference/configuration.md and the README. */
export function renderSettingsTable(): string {
  const rows = (Object.entries(settings) as [string, Setting<unknown>][]).map(([name, setting]) => {
    const variable = setting.secret
      ? `\`${environmentName(name)}\`, \`…_FILE\``
      : `\`${environmentName(name)}\``;
    return `| ${variable} | ${setting.type} | ${setting.defaultText === "" ? "–" : `\`${setting.defaultText}\``} | ${setting.doc} |`;
  });
  return ["| Variable | Value | Default | Meaning |", "| --- | --- | --- | --- |", ...rows, ""].join("\n");
}
