import { type AccessQuestion, passwordChange, session, sessionInput } from "../../contract/index.ts";
import { anonymousRoute, type Route, route } from "../route.ts";
import type { Services } from "../services.ts";
import { done, nothing } from "./fields.ts";

const tag = "Session";

export function sessionRoutes({ identity }: Services): Route[] {
  const { sessions, describeCaller } = identity;
  return [
    anonymousRoute({
      operation: "session:Create",
      method: "POST",
      path: "/api/v1/session",
      tag,
      body: sessionInput,
      example: { user: "admin", password: "correct horse battery" },
      output: session,
      handle: async ({ body }, exchange) => {
        const signedIn = await sessions.signIn({ ...body, address: exchange.address });
        exchange.setSessionCookie(signedIn.cookieValue);
        return signedIn.session;
      },
    }),
    route({
      operation: "session:Get",
      method: "GET",
      path: "/api/v1/session",
      tag,
      output: session,
      access: toKnowOneself,
      handle: (_, caller, exchange) => describeCaller(caller, exchange.session),
    }),
    route({
      operation: "session:Delete",
      method: "DELETE",
      path: "/api/v1/session",
      tag,
      output: nothing,
      access: toKnowOneself,
      handle: async (_, caller, exchange) => {
        await sessions.signOut(caller);
        exchange.clearSessionCookie();
        return {};
      },
    }),
    route({
      operation: "session:ChangePassword",
      method: "POST",
      path: "/api/v1/session/password",
      tag,
      body: passwordChange,
      example: { currentPassword: "correct horse battery", newPassword: "another good password" },
      output: nothing,
      handle: ({ body }, caller, { address }) => done(sessions.changePassword(caller, { ...body, address })),
    }),
  ];
}

/** As of STS GetCallerIdentity: whoever could sign in may ask who he is, and leave, whatever his policies say. */
function toKnowOneself(): readonly AccessQuestion[] {
  return [];
}
