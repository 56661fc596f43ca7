import { execFileSync } from "node:child_process";
import { runProgram } from "./aws-cli.ts";

/** One request with log events, as a sender that knows nothing but an address and a key makes it. */
export interface LogRequest {
  readonly path: string;
  readonly key: string;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

export interface LogAnswer {
  readonly status: number;
  readonly body: string;
}

const hasCurl = (() => {
  try {
    execFileSync("curl", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** With the real curl where there is one, else as curl would. */
export function sendWithCurl(endpointUrl: string, request: LogRequest): Promise<LogAnswer> {
  return hasCurl ? curl(endpointUrl, request) : sendLogs(endpointUrl, request);
}

async function curl(endpointUrl: string, { path, key, body, headers = {} }: LogRequest): Promise<LogAnswer> {
  const all = { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers };
  const { code, stdout, stderr } = await runProgram(
    "curl",
    [
      ...["--silent", "--show-error", "--max-time", "30", "--write-out", "\n%{http_code}"],
      ...Object.entries(all).flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
      ...["--data-binary", "@-", new URL(path, endpointUrl).href],
    ],
    process.env,
    body,
  );
  if (code !== 0) throw new Error(`curl ended with ${code}: ${stderr}`);
  const end = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
}

export async function sendLogs(
  endpointUrl: string,
  { path, key, body, headers = {} }: LogRequest,
): Promise<LogAnswer> {
  const response = await fetch(new URL(path, endpointUrl), {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body,
  });
  return { status: response.status, body: await response.text() };
}
