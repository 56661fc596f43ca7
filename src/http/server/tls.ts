import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContextOptions, type Server } from "node:tls";
import { AppError, type Clock, type Log } from "../../base/index.ts";

/** Paths of a certificate chain and its key, in PEM. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The certificate of a listener, as it is on disk. */
export interface TlsIdentity {
  /** For making the server. */
  options(): SecureContextOptions;
  /** From now on new connections of this server get what the files hold; those that are open live on. */
  serve<S extends Server>(server: S): S;
  /** Reads the files now. A pair that cannot be used is logged, and the one before stays. */
  reload(): Promise<void>;
  stop(): void;
}

const lookEveryMs = 10_000;

/** TLS 1.2 with forward secrecy and authenticated encryption, or 1.3. */
const policy: SecureContextOptions = {
  minVersion: "TLSv1.2",
  honorCipherOrder: true,
  ciphers: [
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_GCM_SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
  ].join(":"),
};

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Throws `configuration_invalid` when the files cannot be read or do not belong together. */
export async function openTls(
  files: TlsFiles,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<TlsIdentity> {
  let pair = await readPair(files);
  logValidity(pair, files, clock, log);
  const servers: Server[] = [];
  const stopping = new AbortController();

  const reload = async () => {
    try {
      const next = await readPair(files);
      if (next.cert.equals(pair.cert) && next.key.equals(pair.key)) return;
      pair = next;
      for (const server of servers) server.setSecureContext({ ...policy, ...pair });
      log.info("The TLS certificate was replaced.", { certFile: files.certFile });
      logValidity(pair, files, clock, log);
    } catch (error) {
      log.error("The TLS certificate cannot be replaced; the one before stays.", {
        certFile: files.certFile,
        error,
      });
    }
  };
  const look = async () => {
    // The files are read, not watched: mounted secrets are swapped by links that no watcher of a file sees.
    while (!stopping.signal.aborted) {
      await clock.sleep(lookEveryMs, stopping.signal);
      await reload();
    }
  };
  return {
    options: () => ({ ...policy, ...pair }),
    serve: (server) => {
      servers.push(server);
      if (servers.length === 1) look().catch(() => {});
      return server;
    },
    reload,
    stop: () => stopping.abort(),
  };
}

async function readPair(files: TlsFiles): Promise<Pair> {
  const [cert, key] = await Promise.all([readPem(files.certFile), readPem(files.keyFile)]);
  try {
    createSecureContext({ ...policy, cert, key });
  } catch (error) {
    const { certFile, keyFile } = files;
    throw new AppError("configuration_invalid", {
      message: `The TLS certificate ${certFile} and the key ${keyFile} cannot be used together: ${(error as Error).message}.`,
      cause: error,
    });
  }
  return { cert, key };
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new AppError("configuration_invalid", {
      message: `The TLS file ${path} cannot be read: ${(error as { code?: string }).code ?? "unknown error"}.`,
      cause: error,
    });
  }
}

/** A certificate out of date is still served: which hosts it stands for, and until when, is for the clients to judge. */
function logValidity({ cert }: Pair, { certFile }: TlsFiles, clock: Clock, log: Log): void {
  const { validFromDate, validToDate } = new X509Certificate(cert);
  const now = clock.now();
  if (now < validFromDate.getTime() || now > validToDate.getTime())
    log.warn("The TLS certificate is not valid now.", {
      certFile,
      validFrom: validFromDate.toISOString(),
      validTo: validToDate.toISOString(),
    });
}
