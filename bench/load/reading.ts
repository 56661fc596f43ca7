import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { TestServer } from "../../test/support/server.ts";
import { awsClients, type LogTarget } from "./account.ts";

/** Every message of the group, page by page, as any client of CloudWatch Logs reads them. */
export async function* readMessages(server: TestServer, { group }: LogTarget): AsyncGenerator<string> {
  const pages = paginateFilterLogEvents(
    { client: awsClients(server).logs, pageSize: 10_000 },
    { logGroupName: group },
  );
  for await (const { events = [] } of pages) {
    for (const { message } of events) yield message ?? "";
  }
}
