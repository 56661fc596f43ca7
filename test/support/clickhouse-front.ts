import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import { createChdbConnection } from "chdb/connection";

/**
 * ClickHouse's HTTP interface on chDB, as far as the official client uses it: the query in the address or
 * the body, `param_*`, settings, multipart parameters, gzip both ways, error texts with their code,
 * `/ping`. It stands in for a ClickHouse server, which cannot be installed where the tests run.
 */
export interface ClickHouseFront {
  readonly port: number;
  close(): Promise<void>;
}

/** What the tests may ask afterwards, at `/requests`: how the client spoke. */
export interface SeenRequest {
  readonly query: string;
  readonly compressedRequest: boolean;
  readonly compressedResponse: boolean;
  readonly chunked: boolean;
  readonly multipart: boolean;
  readonly parameters: string[];
}

/** How the front misbehaves until told otherwise, at `/fault?kind=…`. */
export type Fault = "none" | "html" | "hang" | "reset" | "full-disk";

export const frontUser = "nephoscope";
export const frontPassword = "front-secret";

export async function createClickHouseFront(path: string, port = 0): Promise<ClickHouseFront> {
  const seen: SeenRequest[] = [];
  let fault: Fault = "none";
  // Held open so that the engine does not stop and start with every request.
  const keeper = createChdbConnection({ path });
  const server = createServer({ maxHeaderSize: 1_048_576 }, (request, response) => {
    const url = new URL(request.url ?? "/", "http://front");
    if (url.pathname === "/ping") return void response.end("Ok.\n");
    if (url.pathname === "/requests") return void response.end(JSON.stringify(seen.splice(0)));
    if (url.pathname === "/fault") {
      fault = url.searchParams.get("kind") as Fault;
      return void response.end();
    }
    if (fault !== "none") return misbehave(fault, request, response);
    answer(path, url, request, response, seen).catch((error) => sendError(response, error));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      await closeServer(server);
      await keeper.close();
    },
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault === "reset") {
    request.socket.destroy();
  } else if (fault === "html") {
    response.writeHead(502, { "Content-Type": "text/html" }).end("<html><body>Bad Gateway</body></html>");
  } else if (fault === "full-disk") {
    sendError(response, new Error("Code: 243. DB::Exception: Cannot reserve 1.00 MiB. (NOT_ENOUGH_SPACE)"));
  }
}

async function answer(
  path: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  seen: SeenRequest[],
): Promise<void> {
  if (!isAuthenticated(request)) {
    throw new Error("Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)");
  }
  const body = await readBody(request);
  const call = await parseCall(url, request, body);
  const compressedResponse =
    call.settings.enable_http_compression === "1" && /gzip/.test(request.headers["accept-encoding"] ?? "");
  seen.push({
    query: call.statement.slice(0, 200),
    compressedRequest: request.headers["content-encoding"] === "gzip",
    compressedResponse,
    chunked: request.headers["transfer-encoding"] === "chunked",
    multipart: call.multipart,
    parameters: Object.keys(call.parameters),
  });
  const result = await run(path, call);
  response.setHeader("X-ClickHouse-Query-Id", url.searchParams.get("query_id") ?? "");
  response.setHeader("X-ClickHouse-Summary", JSON.stringify({ read_rows: "0", written_rows: "0" }));
  if (!compressedResponse) return void response.end(result);
  response.setHeader("Content-Encoding", "gzip");
  response.end(gzipSync(result));
}

function isAuthenticated(request: IncomingMessage): boolean {
  const { authorization } = request.headers;
  const expected = Buffer.from(`${frontUser}:${frontPassword}`).toString("base64");
  return (
    authorization === `Basic ${expected}` ||
    (request.headers["x-clickhouse-user"] === frontUser &&
      request.headers["x-clickhouse-key"] === frontPassword)
  );
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
}

interface Call {
  readonly statement: string;
  readonly database: string;
  readonly parameters: Record<string, string>;
  readonly settings: Record<string, string>;
  readonly multipart: boolean;
}

async function parseCall(url: URL, request: IncomingMessage, body: Buffer): Promise<Call> {
  const fields = new Map(url.searchParams);
  const contentType = request.headers["content-type"] ?? "";
  const multipart = contentType.startsWith("multipart/form-data");
  let data = body.toString("utf8");
  if (multipart) {
    const form = await new Response(new Uint8Array(body), {
      headers: { "Content-Type": contentType },
    }).formData();
    for (const [name, value] of form) fields.set(name, String(value));
    data = "";
  }
  const query = fields.get("query");
  const parameters: Record<string, string> = {};
  const settings: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (name.startsWith("param_")) parameters[name] = value;
    else if (!notSettings.has(name)) settings[name] = value;
  }
  return {
    statement: query === undefined ? data : `${query}\n${data}`,
    database: fields.get("database") ?? "default",
    parameters,
    settings,
    multipart,
  };
}

const notSettings = new Set(["query", "database", "query_id", "session_id", "role"]);

/** These shape the HTTP answer; the engine itself does not know them. */
const httpSettings = new Set(["enable_http_compression", "wait_end_of_query", "default_format"]);

/** Rows go beside the statement: as a part of it the engine may look for them on standard input. */
const insertStatement = /^INSERT INTO (\w+) FORMAT (\w+)\n/;
const rowFormats = ["JSONEachRow", "TabSeparated"] as const;

/** A session per request, as settings and parameters of one request must not reach the next. */
async function run(path: string, call: Call): Promise<Uint8Array> {
  const session = createChdbConnection({ path });
  try {
    const assignments = [
      ...Object.entries(call.settings).filter(([name]) => !httpSettings.has(name)),
      ...Object.entries(call.parameters),
    ];
    const prefix = [
      `USE \`${call.database}\``,
      ...assignments.map(([name, value]) => `SET ${name} = ${literal(value)}`),
    ];
    const [, table, name] = insertStatement.exec(call.statement) ?? [];
    const format = rowFormats.find((known) => known === name);
    if (table && format) {
      await session.chdb.queryAsync(prefix.join("; "));
      const values = Buffer.from(call.statement.slice(call.statement.indexOf("\n") + 1));
      await session.chdb.rawInsert({ table, format, values });
      return Buffer.alloc(0);
    }
    const result = await session.chdb.queryAsync(`${prefix.join("; ")}; ${call.statement}`, {
      format: call.settings.default_format ?? "TabSeparated",
    });
    return result.bytes();
  } finally {
    await session.close();
  }
}

function literal(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}

const statusOfCode: Readonly<Record<string, number>> = {
  "62": 400,
  "60": 404,
  "81": 404,
  "159": 408,
  "516": 403,
};

function sendError(response: ServerResponse, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const code = /Code: (\d+)/.exec(text)?.[1] ?? "1002";
  response.writeHead(statusOfCode[code] ?? 500, { "X-ClickHouse-Exception-Code": code });
  response.end(`${text.trim()} (version 26.7.2.1 (official build))\n`);
}
