import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../simulator/index.ts";
import type { Clock } from "../../src/base/index.ts";
import { answerInProcess } from "./sdk-in-process.ts";

export interface SimulatedAws {
  readonly simulator: Simulator;
  readonly clock: { nowMs: number };
  /** Client settings that sign with these keys, the operator's by default, at the simulated time. */
  config(options?: { region?: string; credentials?: Credentials }): ClientConfig;
  /** Keys of the production role's session. */
  assume(options?: { roleArn?: string; durationSeconds?: number }): Promise<Credentials>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: Credentials;
  readonly requestHandler: ReturnType<typeof answerInProcess>;
  readonly systemClockOffset: number;
}

/** A simulated AWS with a clock that stands still until it is moved, reached without sockets. */
export function simulateAws(
  options: Omit<SimulatorOptions, "clock"> & { nowMs?: number } = {},
): SimulatedAws {
  const clock = { nowMs: options.nowMs ?? Date.UTC(2026, 10, 20, 12, 0, 0) };
  const standing: Clock = {
    now: () => clock.nowMs,
    monotonic: () => clock.nowMs,
    sleep: async (ms) => {
      clock.nowMs += ms;
    },
  };
  const simulator = createSimulator({ ...options, clock: standing });
  const requestHandler = answerInProcess(simulator.handle);
  const config: SimulatedAws["config"] = ({ region = "us-east-1", credentials = simulator.seeded } = {}) => ({
    endpoint: "http://aws.test",
    region,
    maxAttempts: 1,
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      ...("sessionToken" in credentials && credentials.sessionToken
        ? { sessionToken: credentials.sessionToken }
        : {}),
    },
    requestHandler,
    systemClockOffset: clock.nowMs - Date.now(),
  });
  return {
    simulator,
    clock,
    config,
    assume: async ({ roleArn = simulator.seeded.roleArn, durationSeconds } = {}) => {
      const { Credentials: session } = await new STSClient(config()).send(
        new AssumeRoleCommand({
          RoleArn: roleArn,
          RoleSessionName: "test",
          ExternalId: simulator.seeded.externalIds[0],
          ...(durationSeconds === undefined ? {} : { DurationSeconds: durationSeconds }),
        }),
      );
      return {
        accessKeyId: session?.AccessKeyId ?? "",
        secretAccessKey: session?.SecretAccessKey ?? "",
        sessionToken: session?.SessionToken ?? "",
      };
    },
  };
}
