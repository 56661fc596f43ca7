import { Center, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { sessionQuery } from "../api/session.ts";
import { SignInPage } from "../features/sign-in/sign-in-page.tsx";
import { ErrorPanel } from "../ui/error-panel.tsx";

/** Shows the console to who is signed in and the sign-in form to everybody else, at whatever address they came to. */
export function SessionGate({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const session = useQuery(sessionQuery);
  const wasSignedIn = useRef(false);
  if (session.data) wasSignedIn.current = true;
  if (session.isPending) {
    return (
      <Center h="100dvh">
        <Loader size="sm" aria-label="Loading" />
      </Center>
    );
  }
  if (session.isError) {
    return (
      <Center h="100dvh" p="md">
        <ErrorPanel
          title="The console cannot start"
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </Center>
    );
  }
  if (session.data === null) {
    return (
      <SignInPage
        sessionEnded={wasSignedIn.current}
        onSignedIn={(signedIn) => {
          // Nothing that another user has read may be shown to this one.
          queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionQuery.queryKey[0] });
          queryClient.setQueryData(sessionQuery.queryKey, signedIn);
        }}
      />
    );
  }
  return children;
}
