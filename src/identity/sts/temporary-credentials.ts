import { type Clock, type Random, Secret } from "../../base/index.ts";
import { newAccessKey, type SecretStore } from "../access-keys.ts";

export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAtMs: number;
}

/** What a session token says of the key that comes with it. */
export interface OpenedCredentials {
  /** The access key that asked for them; they are of its owner, and end with it. */
  readonly parentKeyId: string;
  readonly secretAccessKey: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * Temporary access keys that are stored nowhere: the token that a caller sends with each request holds the secret, sealed and
 * bound to the key's id, so that each process verifies it alone. Opening takes a few microseconds: there is no cache to bound.
 */
export interface TemporaryCredentials {
  issue(parentKeyId: string, durationSeconds: number): IssuedCredentials;
  /** Undefined for a token that was not made here, or was made for another key. An expired one opens. */
  open(accessKeyId: string, sessionToken: string): OpenedCredentials | undefined;
}

export function createTemporaryCredentials(deps: {
  vault: Pick<SecretStore, "sealToken" | "openToken">;
  clock: Clock;
  random: Random;
}): TemporaryCredentials {
  const { vault, clock, random } = deps;
  return {
    issue: (parentKeyId, durationSeconds) => {
      const key = newAccessKey(random, "ASIA");
      // AWS's times are whole seconds, in its answers and in what policies compare.
      const issuedAtMs = Math.floor(clock.now() / 1000) * 1000;
      const expiresAtMs = issuedAtMs + durationSeconds * 1000;
      const content: OpenedCredentials = {
        parentKeyId,
        secretAccessKey: key.secretAccessKey,
        issuedAtMs,
        expiresAtMs,
      };
      const sessionToken = vault.sealToken(contextOf(key.accessKeyId), new Secret(JSON.stringify(content)));
      return { ...key, sessionToken, expiresAtMs };
    },
    open: (accessKeyId, sessionToken) => {
      const content = vault.openToken(contextOf(accessKeyId), sessionToken);
      // Nobody but this file seals in this context, so what opens has this shape.
      return content && (JSON.parse(content.reveal()) as OpenedCredentials);
    },
  };
}

/** With the version of the content's shape. */
function contextOf(accessKeyId: string): readonly string[] {
  return ["session token", "1", accessKeyId];
}
