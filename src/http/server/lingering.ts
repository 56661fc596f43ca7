import type { Socket } from "node:net";
import type { Clock } from "../../base/index.ts";

/** Long enough for an answer to be read by whoever is still sending. */
const lingerMs = 2_000;

/**
 * Makes the end of a connection whose sender may not be done wait until the other side has ended too, for a moment: closing with bytes unread resets it, and
 * a refusal that was just sent is lost with it.
 */
export function closeGently(connection: Socket, clock: Clock): void {
  connection.destroySoon = () => {
    if (connection.writable) connection.end();
    const ended = new AbortController();
    connection.once("close", () => ended.abort());
    clock.sleep(lingerMs, ended.signal).then(
      () => connection.destroy(),
      () => {},
    );
    // What comes is thrown away, also where the parser reads no more.
    connection.resume();
  };
}
