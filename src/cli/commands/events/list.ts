import { type TrailEvent, trailEventCategories, trailEventPage } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { escapeJson } from "../../output/escape.ts";
import { formatTable } from "../../output/table.ts";
import { showPages } from "../../pages.ts";
import { parseLimit, parseRange } from "../../parse.ts";
import { defineVerb } from "../../verb.ts";

interface ListOptions {
  category?: string;
  id?: string;
  name?: string;
  source?: string;
  user?: string;
  accessKey?: string;
  credential?: string;
  resource?: string;
  resourceType?: string;
  ip?: string;
  error?: string;
  failed?: boolean;
  readOnly?: boolean;
  changes?: boolean;
  from: string;
  to: string;
  limit: string;
  ndjson?: boolean;
  json?: boolean;
}

export const listEvents = defineVerb<ListOptions>({
  name: "list",
  summary: "Look up audit records, uses of API keys included, newest first",
  configure: (command) =>
    command
      .option("--category <management|data>", "calls of APIs, or uses of API keys; both without it")
      .option("--name <name>", "what was called, such as CreateUser or CallWithBearerToken")
      .option("--source <service>", "such as iam.amazonaws.com, or nephoscope.local")
      .option("--user <name>", "who called; root for the root user")
      .option("--access-key <id>", "access key that signed")
      .option("--credential <id>", "API key or REST token that was used")
      .option("--resource <name|arn>", "what it was about, such as a log group or a user")
      .option("--resource-type <type>", "such as AWS::IAM::User")
      .option("--ip <address>", "where the call came from")
      .option("--error <code>", "error that was answered, such as AccessDenied")
      .option("--failed", "only what was refused or failed")
      .option("--read-only", "only calls that read")
      .option("--changes", "only calls that change something, and uses of API keys")
      .option("--id <id>", "the record with this ID")
      .option("--from <time>", "start: a time ago such as -3h, or ISO 8601", "-24h")
      .option("--to <time>", "end: now, a time ago, or ISO 8601", "now")
      .option("--limit <n>", "most records", "50")
      .option("--ndjson", "print the records only, each as one line of JSON in CloudTrail's format")
      .addHelpText(
        "after",
        `
Filters have to hold all together, and values are compared as a whole.

Examples:
  nepho events list --credential ACCA2N6VWOSZ3C4XQYHDP --from -7d
  nepho events list --category data --failed
  nepho events list --user alice --changes --from -30d
  nepho events list --resource /shop/web --name DeleteLogGroup --from -90d
  nepho events list --ip 192.0.2.7 --limit 100000 --ndjson > records.ndjson`,
      ),
  run: async (cli, _args, options) => {
    const query = queryOf(options, cli.terminal.clock.now());
    const limit = parseLimit(options.limit);
    if (options.ndjson && options.json) throw usageError("--ndjson and --json exclude each other.");
    await showPages(cli, limit, {
      read: (page) => cli.api.get("/api/v1/events", trailEventPage, { query: { ...query, ...page } }),
      print: options.ndjson ? toLines : toTable,
      atOnce: !options.ndjson,
      empty: "No audit record matches in this range.",
    });
  },
});

function queryOf(options: ListOptions, now: number) {
  const range = parseRange(options, now);
  if (options.readOnly && options.changes) throw usageError("--read-only and --changes exclude each other.");
  return {
    category: options.category === undefined ? undefined : parseCategory(options.category),
    eventId: options.id,
    eventName: options.name,
    eventSource: options.source,
    userName: options.user,
    accessKeyId: options.accessKey,
    credentialId: options.credential,
    resourceType: options.resourceType,
    resourceName: options.resource,
    sourceIp: options.ip,
    errorCode: options.error,
    failed: options.failed ? "true" : undefined,
    readOnly: options.readOnly ? "true" : options.changes ? "false" : undefined,
    ...range,
  };
}

function parseCategory(text: string): string {
  const category = trailEventCategories.find((name) => name.toLowerCase() === text.toLowerCase());
  if (!category) throw usageError(`--category is management or data, not: ${text}`);
  return category;
}

function toLines(events: readonly TrailEvent[]): string {
  return events.map(({ record }) => `${escapeJson(JSON.stringify(record))}\n`).join("");
}

function toTable(events: readonly TrailEvent[]): string {
  return formatTable(
    ["Time", "User", "Event", "Resource", "Address", "Outcome"],
    events.map((event) => [
      event.timestamp,
      event.userName,
      event.name,
      describeResources(event.resources),
      event.sourceIp,
      event.errorCode ?? "ok",
    ]),
  );
}

/** Whoever is refused chooses names too: one of 2,000 characters would make every row as wide. */
const nameCharactersMax = 100;

/** Of an ARN what follows region and account. */
function describeResources([first, ...others]: TrailEvent["resources"]): string | undefined {
  if (!first) return undefined;
  const name = first.arn.split(":").slice(5).join(":") || first.arn;
  const shown = name.length > nameCharactersMax ? `${name.slice(0, nameCharactersMax)}…` : name;
  return others.length > 0 ? `${shown} and ${others.length} more` : shown;
}
