import { errorCodes } from "../../contract/index.ts";
import type { Protocol } from "./protocol.ts";

export const rest: Protocol = {
  name: "rest",
  writeResult: (result) => result,
  writeError: ({ code, message, fields }, requestId) => ({
    status: errorCodes[code].status,
    body: { error: { code, message, fields, requestId } },
  }),
};
