import { systemRandom } from "../../src/base/index.ts";
import { logFormats, sendLogEvents } from "./log-formats.ts";
import type { DemoLogs } from "./logs.ts";
import { nextShopEvent } from "./shop-events.ts";

const everyMs = 1000;
/** Of each format, each time. */
const events = 2;

/** Logs like an application does, in all formats by turns, until it is stopped. What cannot be sent is told once, and lost. */
export function startLogSender(endpointUrl: string, logs: DemoLogs): { stop(): Promise<void> } {
  let troubled = false;
  let stopped = false;
  let sending = Promise.resolve();
  const sendSome = async () => {
    try {
      for (const format of logFormats)
        await sendLogEvents(
          endpointUrl,
          logs,
          format,
          Array.from({ length: events }, () => nextShopEvent(systemRandom)),
        );
      troubled = false;
    } catch (error) {
      if (!troubled && !stopped)
        console.error(`The demo's application cannot log: ${(error as Error).message}`);
      troubled = true;
    }
  };
  const timer = setInterval(() => {
    sending = sending.then(sendSome);
  }, everyMs);
  return {
    stop: () => {
      stopped = true;
      clearInterval(timer);
      return sending;
    },
  };
}
