import {
  Alert,
  Box,
  Button,
  Card,
  Center,
  Code,
  Group,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import type { Session } from "@nephoscope/contract";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { signIn } from "../../api/session.ts";
import { ErrorPanel, messageOf } from "../../ui/error-panel.tsx";
import { LogoMark } from "../../ui/logo.tsx";

interface SignInPageProps {
  sessionEnded: boolean;
  onSignedIn: (session: Session) => void;
}

export function SignInPage({ sessionEnded, onSignedIn }: SignInPageProps) {
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const attempt = useMutation({ mutationFn: () => signIn(user.trim(), password), onSuccess: onSignedIn });
  useEffect(() => {
    document.title = "Sign in · Nephoscope";
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <Center mih="100dvh" p="md" component="main">
      <Box w="100%" maw={380}>
        <Group gap="sm" justify="center" mb="lg">
          <LogoMark size={38} />
          <Title order={1} size="h2">
            Nephoscope
          </Title>
        </Group>
        <Card withBorder padding="lg" shadow="xs">
          <form onSubmit={submit} aria-label="Sign in">
            <Stack gap="sm">
              {sessionEnded && !attempt.isError && (
                <Alert color="blue" variant="light">
                  Your session has ended. Sign in to continue where you were.
                </Alert>
              )}
              {attempt.isError && <SignInError error={attempt.error} />}
              <TextInput
                label="User name"
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                required
                withAsterisk={false}
                autoFocus
                value={user}
                onChange={(event) => setUser(event.currentTarget.value)}
              />
              <PasswordInput
                label="Password"
                name="password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              <Button type="submit" loading={attempt.isPending} fullWidth mt={4}>
                Sign in
              </Button>
            </Stack>
          </form>
        </Card>
        <Text size="xs" c="dimmed" ta="center" mt="md">
          First start? The user and password are in <Code>first-run.json</Code> in the server's data
          directory.
        </Text>
      </Box>
    </Center>
  );
}

function SignInError({ error }: { error: unknown }) {
  if (error instanceof ApiError && error.code === "login_failed") {
    return (
      <Alert color="red" variant="light" role="alert">
        {messageOf(error)}
      </Alert>
    );
  }
  return <ErrorPanel title="Sign-in failed" error={error} />;
}
