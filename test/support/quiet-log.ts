import { createLog, type Log } from "../../src/base/index.ts";

/** A log for tests that keep what they cause to themselves. */
export const quietLog: Log = createLog({ level: "silent" });
