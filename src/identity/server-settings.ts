import { AppError } from "../base/index.ts";
import type { Principal, ServerSettings, ServerSettingsUpdate } from "../contract/index.ts";
import type { Settings } from "./settings.ts";

/** The settings as the API shows them: what an administrator changes, beside what is fixed since the start. */
export function createServerSettings(deps: {
  settings: Settings;
  fixed: Omit<ServerSettings, "baseCredentialId">;
  credentialExists(id: string): Promise<boolean>;
}): {
  get(): Promise<ServerSettings>;
  update(input: ServerSettingsUpdate, caller: Principal): Promise<ServerSettings>;
} {
  const get = async () => ({ ...deps.fixed, baseCredentialId: await deps.settings.get("baseCredentialId") });
  return {
    get,
    update: async ({ baseCredentialId }, caller) => {
      if (baseCredentialId !== null && !(await deps.credentialExists(baseCredentialId))) {
        throw new AppError("validation_failed", {
          message: "No credential has this id.",
          fields: [{ path: "baseCredentialId", message: "No credential has this id." }],
        });
      }
      await deps.settings.set("baseCredentialId", baseCredentialId, caller);
      return get();
    },
  };
}
