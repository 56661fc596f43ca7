import type { Clock, Log } from "../base/index.ts";
import type { AddressPolicy } from "./address-policy.ts";
import type { OnCall } from "./api-call.ts";
import { type ProfileFiles, usableProfiles } from "./profiles.ts";
import type { Environment } from "./proxy.ts";
import { type AwsSession, createSession, type SessionLimits } from "./session.ts";
import { type AwsIdentitySource, cacheKeyOf } from "./source.ts";

export interface Aws {
  /** One session per exact configuration, with its cached role keys; safe to call for every use. */
  open(source: AwsIdentitySource): AwsSession;
  /** A session of its own with short timeouts and without retries, for a connection test. `close` frees its sockets. */
  openForTest(source: AwsIdentitySource): AwsSession & { close(): void };
  /**
   * Forgets every session of a record: an edit takes effect at once. Calls under way end as they began; idle sockets
   * close by themselves.
   */
  invalidate(recordId: string): void;
  /** Profiles of the server's AWS files that the method `profile` can use. */
  usableProfiles(): Promise<string[]>;
  readonly policy: AddressPolicy;
  close(): void;
}

export interface AwsDependencies {
  readonly clock: Clock;
  readonly log: Log;
  readonly allowPrivateEndpoints?: boolean | undefined;
  /** Hosts (`name` or `*.suffix`) that endpoints may name besides AWS's own. */
  readonly endpointAllowlist?: readonly string[] | undefined;
  /** Empty: every profile that the method can follow. */
  readonly allowedProfiles?: readonly string[] | undefined;
  readonly profileFiles?: ProfileFiles | undefined;
  readonly tokenDirectories?: readonly string[] | undefined;
  /** The server's own, for its proxy and for the methods that are about the server. */
  readonly environment: Environment;
  readonly onCall?: OnCall | undefined;
  /** Calls of connection tests, which `onCall` hears of as well. */
  readonly onTestCall?: OnCall | undefined;
}

/** Beyond this the session that was not used for longest is forgotten; 500 accounts are the largest we expect. */
const sessionsMax = 2_000;

const limits: SessionLimits = {
  maxAttempts: 3,
  connectionTimeoutMs: 3_000,
  requestTimeoutMs: 15_000,
  responseBytesMax: 64 * 1024 * 1024,
};
const testLimits: SessionLimits = {
  maxAttempts: 1,
  connectionTimeoutMs: 3_000,
  requestTimeoutMs: 5_000,
  responseBytesMax: 4 * 1024 * 1024,
};

export function createAws(dependencies: AwsDependencies): Aws {
  const { clock, onCall, onTestCall, allowedProfiles = [], profileFiles = {} } = dependencies;
  const policy: AddressPolicy = {
    allowPrivate: dependencies.allowPrivateEndpoints ?? false,
    allowedHosts: dependencies.endpointAllowlist ?? [],
  };
  const sessionDependencies = {
    clock,
    policy,
    onCall,
    allowedProfiles,
    profileFiles,
    environment: dependencies.environment,
    tokenDirectories: dependencies.tokenDirectories ?? ["/var/run/secrets"],
  };
  const sessions = new Map<string, ReturnType<typeof createSession>>();

  return {
    open(source) {
      const key = cacheKeyOf(source);
      const session = sessions.get(key) ?? createSession(source, sessionDependencies, limits);
      // Taken out and put back, so that the map's order is that of use.
      sessions.delete(key);
      sessions.set(key, session);
      if (sessions.size > sessionsMax) sessions.delete(sessions.keys().next().value as string);
      return session;
    },
    openForTest: (source) => {
      const observed: OnCall = (call) => {
        onCall?.(call);
        onTestCall?.(call);
      };
      return createSession(source, { ...sessionDependencies, onCall: observed }, testLimits);
    },
    invalidate(recordId) {
      for (const [key, session] of sessions) if (session.recordId === recordId) sessions.delete(key);
    },
    usableProfiles: () => usableProfiles(profileFiles, allowedProfiles),
    policy,
    close() {
      for (const session of sessions.values()) session.close();
      sessions.clear();
    },
  };
}
