import { execFileSync, spawn } from "node:child_process";

/** The AWS command line, which we did not write and which checks what it is answered. */
export const skipWithoutAwsCli = hasAwsCli() ? false : "the AWS CLI is not on the PATH";

function hasAwsCli(): boolean {
  try {
    execFileSync("aws", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AwsCli {
  /** Runs `aws …` and gives what it wrote, whatever its exit code is. */
  run(...args: string[]): Promise<CliResult>;
  /** The parsed output, undefined when there was none. Throws when the command failed. */
  json<T = any>(...args: string[]): Promise<T>;
  /** The error of the service in its words, from `An error occurred` on. Throws when there was none. */
  refused(...args: string[]): Promise<string>;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

/** Exit codes of errors that the service answered, of the second and of the first version of the AWS CLI. */
const serviceErrorCodes = [254, 255];
const serviceErrorText = /An error occurred \(.+?\) when calling the .+/s;

/** Nothing of the machine's own AWS configuration is seen. */
export function createAwsCli(endpointUrl: string, key: AccessKey): AwsCli {
  const environment = {
    PATH: process.env.PATH,
    HOME: "/nonexistent",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
    AWS_MAX_ATTEMPTS: "1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    ...(key.sessionToken !== undefined && { AWS_SESSION_TOKEN: key.sessionToken }),
  };
  const run: AwsCli["run"] = (...args) =>
    runProgram("aws", ["--endpoint-url", endpointUrl, "--output", "json", ...args], environment);
  return {
    run,
    json: async (...args) => {
      const { code, stdout, stderr } = await run(...args);
      if (code !== 0) throw new Error(`aws ${args.join(" ")}: ${code} ${stderr}`);
      return stdout === "" ? undefined : JSON.parse(stdout);
    },
    refused: async (...args) => {
      const { code, stdout, stderr } = await run(...args);
      const text = serviceErrorText.exec(stderr)?.[0].trim();
      if (text === undefined || !serviceErrorCodes.includes(code ?? 0))
        throw new Error(`aws ${args.join(" ")} was not refused: ${code} ${stdout}${stderr}`);
      return text;
    },
  };
}

/** Waits for the program's end; `input` is what it reads. */
export function runProgram(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
  input = "",
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: environment, stdio: ["pipe", "pipe", "pipe"] });
    const written = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      written.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      written.stderr += text;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...written }));
    child.stdin.on("error", () => {}).end(input);
  });
}
