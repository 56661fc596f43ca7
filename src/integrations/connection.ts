import type { ApiCall, AwsFailure as Failure, AwsSession as Session } from "../aws/index.ts";
import { AppError, type Clock } from "../base/index.ts";
import type { AuthenticationMethod, CallerIdentity } from "../contract/index.ts";
import type { IntegrationSettings } from "./records.ts";

/** What we need of an opened credential. */
export interface AwsSession extends Pick<Session, "region" | "client" | "identity"> {
  withAccounting(onCall: (call: ApiCall) => void): AwsSession;
}

export interface RoleHop {
  readonly roleArn: string;
  readonly externalId?: string;
}

/** What we need of the credential store. */
export interface Credentials {
  open(id: string, extraHops?: readonly RoleHop[]): Promise<AwsSession>;
  openDefault(extraHops: readonly RoleHop[]): Promise<AwsSession>;
  get(
    id: string,
  ): Promise<{ readonly id: string; readonly name: string; readonly method?: AuthenticationMethod }>;
}

/** An AWS failure in our words. */
export type AwsFailure = Pick<Failure, "cause" | "rawCode" | "message" | "disables"> & {
  readonly advice: readonly string[];
};

/** With the credential's method, since keys that renew themselves may expire without anything being wrong. */
export type ClassifyFailure = (error: unknown, method?: AuthenticationMethod) => AwsFailure;

/** Opens whoever pulls for this integration: its credential, or the server's own identity, and then its role. */
export function openSession(credentials: Credentials, settings: Credential): Promise<AwsSession> {
  return openBase(credentials, settings.credentialId, settings.roleArn === "" ? [] : [toHop(settings)]);
}

/** The credential, or the server's own identity, with these roles on top. */
export function openBase(
  credentials: Credentials,
  credentialId: string | null,
  hops: readonly RoleHop[],
): Promise<AwsSession> {
  return credentialId === null ? credentials.openDefault(hops) : credentials.open(credentialId, hops);
}

type Credential = Pick<IntegrationSettings, "roleArn" | "externalId" | "credentialId">;

function toHop({ roleArn, externalId }: Credential): RoleHop {
  return externalId === "" ? { roleArn } : { roleArn, externalId };
}

export type Attempt =
  | { readonly ok: true; readonly identity: CallerIdentity }
  | { readonly ok: false; readonly failure: AwsFailure };

/** Clients wait for the answer, and the slowest gives up at 30 s. */
export const attemptTimeoutMs = 15_000;

/**
 * Finds out who AWS says we are with these settings. A failure of AWS, of the network or of time is a result; what the
 * operator does not allow, or a credential that does not exist, is thrown.
 */
export async function tryConnection(
  deps: { credentials: Credentials; classify: ClassifyFailure; clock: Clock },
  settings: Credential,
): Promise<Attempt> {
  try {
    const identity = await withinTime(deps.clock, attemptTimeoutMs, async () =>
      (await openSession(deps.credentials, settings)).identity(),
    );
    return { ok: true, identity };
  } catch (error) {
    if (error instanceof AppError) throw error;
    return { ok: false, failure: error instanceof TimeoutError ? timedOut : deps.classify(error) };
  }
}

export const timedOut: AwsFailure = {
  cause: "NETWORK",
  rawCode: null,
  message: `AWS did not answer within ${attemptTimeoutMs / 1000} seconds.`,
  advice: ["Check that this server can reach AWS, and the endpoints of the credential."],
  disables: false,
};

export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

/**
 * Runs `work` for at most `timeoutMs`: then, or when `signal` aborts, its own signal aborts and the call rejects at once,
 * whether `work` listens or not.
 */
export async function withinTime<T>(
  clock: Clock,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const timer = new AbortController();
  const stop = new AbortController();
  const abort = (reason: unknown) => stop.abort(reason);
  const onOuterAbort = () => abort(signal?.reason);
  signal?.addEventListener("abort", onOuterAbort, { once: true });
  if (signal?.aborted) onOuterAbort();
  clock.sleep(timeoutMs, timer.signal).then(
    () => abort(new TimeoutError(`No answer within ${timeoutMs} ms.`)),
    () => {},
  );
  try {
    const stopped = new Promise<never>((_, reject) => {
      if (stop.signal.aborted) reject(stop.signal.reason);
      stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true });
    });
    return await Promise.race([work(stop.signal), stopped]);
  } finally {
    timer.abort();
    signal?.removeEventListener("abort", onOuterAbort);
  }
}
