import { fork } from "node:child_process";
import { once } from "node:events";
import type { Format } from "./events.ts";

export interface SenderPlan {
  readonly url: string;
  readonly format: Format;
  readonly batch: number;
  readonly requests: number;
  readonly connections: number;
  /** Connections come from so many addresses of this machine, in turns; from the usual one without it. */
  readonly addresses?: number;
  /** Number of the first event, so that all events of a benchmark differ. */
  readonly firstEvent: number;
  readonly key: string;
  readonly group: string;
  readonly stream: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests leave at these times whatever the answers do, and are measured from then; without it, each after an answer. */
  readonly requestsPerSecond?: number;
  /** So many different requests are built and sent in turns; all of them differ without it. */
  readonly pool?: number;
  readonly secondsMax?: number;
}

export interface SenderReport {
  readonly seconds: number;
  /** Answers by status; `broken` counts connections that ended without one. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Refusals for load that did not say when to come back. */
  readonly withoutRetryAfter: number;
  /** Of the bodies that were acknowledged. */
  readonly bytes: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly p999: number };
}

export interface Sender {
  /** Sends what was prepared; resolves when all of it is answered. */
  send(): Promise<SenderReport>;
}

/** Builds all requests in a process of its own, before anything is measured. */
export async function prepareSender(plan: SenderPlan): Promise<Sender> {
  const child = fork(new URL("../log-sender.ts", import.meta.url), {
    execArgv: ["--max-old-space-size=8192"],
  });
  child.send(plan);
  await once(child, "message");
  return {
    send: async () => {
      child.send("go");
      const [report] = (await once(child, "message")) as [SenderReport];
      return report;
    },
  };
}
