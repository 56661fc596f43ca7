import { logGroup } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { parseInteger, parseSwitch } from "../../parse.ts";
import { type Cli, defineVerb } from "../../verb.ts";

interface SetGroupOptions {
  retention?: string;
  allowKeys?: string;
  protect?: string;
}

export const setLogGroup = defineVerb<SetGroupOptions>({
  name: "set-group",
  summary: "Change how long a log group keeps events, whether API keys may send, whether it can be deleted",
  configure: (command) =>
    command
      .argument("<name>", "name of the log group")
      .option("--retention <days>", "days that events are kept, or never for no end")
      .option("--allow-keys <on|off>", "whether API keys may send to it; off counts within a second")
      .option("--protect <on|off>", "whether it is protected from deletion")
      .addHelpText(
        "after",
        "\nExample:\n  nepho logs set-group /shop/web --retention never --allow-keys off",
      ),
  run: async (cli, [name = ""], options) => {
    const changes = readChanges(options);
    if (changes.length === 0)
      throw usageError("Nothing to change: give --retention, --allow-keys or --protect.");
    for (const change of changes) await change(cli, name);
    const group = await cli.api.get("/api/v1/logs/group", logGroup, { query: { name } });
    cli.out.done(
      group,
      `${name}: events are kept ${group.retentionDays === null ? "for ever" : `${group.retentionDays} days`}, API keys ${onOff(group.bearerTokenAuthenticationEnabled)}, protection ${onOff(group.deletionProtectionEnabled)}.`,
    );
  },
});

type Change = (cli: Cli, name: string) => Promise<unknown>;

/** All options are read before the first change is made. */
function readChanges({ retention, allowKeys, protect }: SetGroupOptions): Change[] {
  return [
    ...(retention === undefined ? [] : [setRetention(retention)]),
    ...(allowKeys === undefined
      ? []
      : [setSwitch("bearer-token-authentication", parseSwitch(allowKeys, "--allow-keys"))]),
    ...(protect === undefined ? [] : [setSwitch("deletion-protection", parseSwitch(protect, "--protect"))]),
  ];
}

function setRetention(text: string): Change {
  const path = "/api/v1/logs/group/retention";
  if (text === "never") return ({ api }, name) => api.send("DELETE", path, { query: { name } });
  const retentionDays = parseInteger(text, "--retention");
  return ({ api }, name) => api.put(path, logGroup, { query: { name }, body: { retentionDays } });
}

function setSwitch(setting: string, enabled: boolean): Change {
  return ({ api }, name) =>
    api.put(`/api/v1/logs/group/${setting}`, logGroup, { query: { name }, body: { enabled } });
}

function onOff(value: boolean): string {
  return value ? "on" : "off";
}
