import type { AuthenticationMethod } from "../../contract/index.ts";
import { defaultMethod } from "./default.ts";
import { instanceMethod } from "./instance.ts";
import { keysMethod } from "./keys.ts";
import type { Method } from "./method.ts";
import { profileMethod } from "./profile.ts";
import { webIdentityMethod } from "./web-identity.ts";

/** Every way to get the first keys. A credential names one; there is no second. */
export const methods: Readonly<Record<AuthenticationMethod, Method>> = {
  default: defaultMethod,
  profile: profileMethod,
  keys: keysMethod,
  instance: instanceMethod,
  "web-identity": webIdentityMethod,
};
