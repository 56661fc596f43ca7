import { readFile, realpath, stat } from "node:fs/promises";
import { sep } from "node:path";
import { LocalConfigError } from "../local-config-error.ts";
import { assumeRoleWithWebIdentity } from "../roles.ts";
import type { Method, MethodDependencies } from "./method.ts";

const tokenBytesMax = 64 * 1024;

/**
 * A role assumed with the token in a file, as Kubernetes projects it (IRSA). The file is read anew each time, because
 * the kubelet replaces it long before it expires. STS takes this call unsigned.
 */
export const webIdentityMethod: Method = {
  refreshable: true,
  async load(source, dependencies) {
    const { environment } = dependencies;
    const roleArn = source.webIdentityRoleArn ?? environment.AWS_ROLE_ARN;
    const file = source.webIdentityTokenFile ?? environment.AWS_WEB_IDENTITY_TOKEN_FILE;
    if (!roleArn || !file) {
      throw new LocalConfigError(
        "No role or no token file: name them in the credential, or set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE of the server.",
      );
    }
    const token = await readToken(file, dependencies);
    const sessionName = `nephoscope-${source.recordId}`.slice(0, 64);
    const keys = await assumeRoleWithWebIdentity(dependencies.sts(), { roleArn, sessionName, token });
    return { ...keys, origin: "a web identity token file" };
  },
};

/** A path that a user gave may only lead to a token: else any file of the server could be sent to an endpoint of his choice. */
async function readToken(
  file: string,
  { environment, tokenDirectories }: Pick<MethodDependencies, "environment" | "tokenDirectories">,
): Promise<string> {
  const real = await realpath(file).catch(() => undefined);
  if (real === undefined) throw new LocalConfigError("The token file does not exist or cannot be read.");
  const isServers = file === environment.AWS_WEB_IDENTITY_TOKEN_FILE;
  const isBelow = await isBelowOne(real, tokenDirectories);
  if (!isServers && !isBelow) {
    throw new LocalConfigError(
      `The token file is neither the server's own (AWS_WEB_IDENTITY_TOKEN_FILE) nor below ${tokenDirectories.join(" or ")}.`,
    );
  }
  const info = await stat(real);
  if (!info.isFile() || info.size > tokenBytesMax) {
    throw new LocalConfigError("The token file is not a plain file of at most 64 KiB.");
  }
  return (await readFile(real, "utf8")).trim();
}

async function isBelowOne(real: string, directories: readonly string[]): Promise<boolean> {
  for (const directory of directories) {
    const realDirectory = await realpath(directory).catch(() => undefined);
    if (realDirectory !== undefined && real.startsWith(realDirectory + sep)) return true;
  }
  return false;
}
