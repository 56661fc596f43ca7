import type { AwsKeys } from "../identity.ts";
import { LocalConfigError } from "../local-config-error.ts";
import { resolveProfile } from "../profiles.ts";
import { assumeRole } from "../roles.ts";
import type { Method } from "./method.ts";

/** Files change under us; keys from them are read again after this, or at once when AWS calls them expired. */
const readAgainAfterMs = 10 * 60_000;

/** A named profile of the server's shared credentials file: plain keys, or roles assumed from them. Nothing else is followed. */
export const profileMethod: Method = {
  refreshable: true,
  async load(source, { profileFiles, allowedProfiles, clock, sts }) {
    if (!source.profile) throw new LocalConfigError("The credential names no profile.");
    const { keys, roles } = await resolveProfile(source.profile, profileFiles, allowedProfiles);
    let current: AwsKeys = { ...keys, expiration: new Date(clock.now() + readAgainAfterMs) };
    for (const role of roles) {
      const from = current;
      current = await assumeRole(
        sts(async () => from),
        {
          roleArn: role.roleArn,
          externalId: role.externalId,
          sessionName: role.sessionName ?? `nephoscope-${source.recordId}`.slice(0, 64),
          durationSeconds: role.durationSeconds ?? 3600,
        },
      );
    }
    return { ...current, origin: `the profile ${source.profile} of the server's AWS files` };
  },
};
