import { LocalConfigError } from "../local-config-error.ts";
import type { Method } from "./method.ts";

/** An access key that was typed in, with the session token of temporary ones. */
export const keysMethod: Method = {
  refreshable: false,
  async load({ keys }) {
    if (!keys) throw new LocalConfigError("The credential has no access key.");
    return {
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey.reveal(),
      sessionToken: keys.sessionToken?.reveal(),
      origin: keys.sessionToken
        ? "the access key and session token of the credential"
        : "the access key of the credential",
    };
  },
};
