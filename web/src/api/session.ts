import type { OperationName, Session } from "@nephoscope/contract";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { ApiError, request, setCsrfToken } from "./client.ts";

const path = "/api/v1/session";

function keepCsrfToken(session: Session): Session {
  setCsrfToken(session.csrfToken);
  return session;
}

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return keepCsrfToken(await request<Session>("GET", path, { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

export async function signIn(user: string, password: string): Promise<Session> {
  return keepCsrfToken(await request<Session>("POST", path, { body: { user, password } }));
}

export async function signOut(): Promise<void> {
  await request("DELETE", path);
  setCsrfToken(undefined);
}

export function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  return request("POST", `${path}/password`, { body: { currentPassword, newPassword } });
}

/** A check of what the signed-in user may do, for showing and hiding controls; the server decides for itself. */
export function useCan(): (operation: OperationName) => boolean {
  const { data: session } = useQuery(sessionQuery);
  return (operation) => session?.allowedOperations.includes(operation) ?? false;
}
