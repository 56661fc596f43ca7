import { systemRandom } from "../../src/base/index.ts";
import { formatTable } from "../../src/cli/output/table.ts";
import type { LogEventPage } from "../../src/contract/index.ts";
import type { TestServer } from "../../test/support/server.ts";
import { type LogFormat, logFormats, sendLogEvents } from "./log-formats.ts";
import type { DemoLogs } from "./logs.ts";
import { nextShopEvent } from "./shop-events.ts";

const eventsOfRound = 25;
const marginMs = 60_000;

/** Sends some events of each format with the key and finds them again by a pattern. Throws when one is missing: an answer 200 has promised that it is on disk. */
export async function collectLogRound(server: TestServer, logs: DemoLogs): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const format of logFormats) {
    const { pattern, found } = await sendAndFind(server, logs, format);
    if (found !== eventsOfRound)
      throw new Error(`of ${eventsOfRound} events sent to ${format.path}, ${found} were found again`);
    rows.push([format.name, format.path, eventsOfRound, found, pattern]);
  }
  return [
    formatTable(["Format", "Sent to", "Sent", "Found", "By the pattern"], rows),
    `Log events went to ${logs.group} with an API key of ${logs.userName}; each that was acknowledged is on disk.`,
  ].join("\n");
}

async function sendAndFind(
  server: TestServer,
  logs: DemoLogs,
  format: LogFormat,
): Promise<{ pattern: string; found: number }> {
  const round = systemRandom.uuid().slice(0, 8);
  const events = Array.from({ length: eventsOfRound }, () => {
    const event = nextShopEvent(systemRandom);
    return { ...event, fields: { ...event.fields, round } };
  });
  await sendLogEvents(server.endpointUrl, logs, format, events);
  const pattern = format.pattern("round", round);
  return { pattern, found: await countEvents(server, logs.group, pattern) };
}

/** Pages may be short, or empty, before the last one. */
async function countEvents(server: TestServer, group: string, pattern: string): Promise<number> {
  const [from, to] = [Date.now() - marginMs, Date.now() + marginMs].map(String) as [string, string];
  let count = 0;
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ group, pattern, from, to, limit: "1000" });
    if (cursor !== null) query.set("cursor", cursor);
    const page: LogEventPage = await server.api("GET", `/api/v1/logs/events?${query}`);
    count += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return count;
}
