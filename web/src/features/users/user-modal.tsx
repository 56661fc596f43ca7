import {
  Button,
  Checkbox,
  Group,
  Modal,
  PasswordInput,
  ScrollArea,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { type Policy, type User, userInput, userUpdate } from "@nephoscope/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createUser, policiesQuery, updateUser } from "../../api/server.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { errorsOfIssues, errorsOfRefusal } from "../../ui/form-problems.ts";
import { notifySuccess } from "../../ui/notify.ts";

interface UserValues {
  name: string;
  password: string;
  policies: string[];
}

interface UserModalProps {
  opened: boolean;
  /** The user to change; none adds one. */
  user: User | undefined;
  onClose: () => void;
}

export function UserModal({ opened, user, onClose }: UserModalProps) {
  const queryClient = useQueryClient();
  const policies = useQuery({ ...policiesQuery, enabled: opened });
  const form = useForm<UserValues>({
    initialValues: {
      name: user?.name ?? "",
      password: "",
      policies: user?.policies ?? ["ReadOnlyAccess"],
    },
    validate: (values) =>
      errorsOfIssues((user === undefined ? userInput : userUpdate).safeParse(inputOf(values)).error?.issues),
  });
  const saving = useMutation({
    mutationFn: (values: UserValues) =>
      user === undefined ? createUser(inputOf(values)) : updateUser(user.name, inputOf(values)),
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: ["users"] });
      notifySuccess(user === undefined ? `${saved.name} is added.` : `${saved.name} is changed.`);
      onClose();
    },
    onError: (error) => form.setErrors(errorsOfRefusal(error)),
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={user === undefined ? "Add user" : `Change ${user.name}`}
      centered
    >
      <form onSubmit={form.onSubmit((values) => saving.mutate(values))}>
        <Stack gap="sm">
          {saving.isError && <ErrorPanel error={saving.error} hideFields />}
          {user === undefined && (
            <TextInput
              label="User name"
              autoComplete="off"
              spellCheck={false}
              data-autofocus
              {...form.getInputProps("name")}
            />
          )}
          <PasswordInput
            label={user === undefined ? "Password" : "New password"}
            description={passwordHint(user)}
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
          <Checkbox.Group label="Policies" {...form.getInputProps("policies")}>
            <Stack gap="xs" mt={6}>
              <PolicyChoices policies={policies.data?.items ?? []} />
              {policies.isPending && (
                <Text size="sm" c="dimmed">
                  Loading…
                </Text>
              )}
              {policies.isError && (
                <ErrorPanel error={policies.error} onRetry={() => void policies.refetch()} />
              )}
            </Stack>
          </Checkbox.Group>
          <Group justify="flex-end" gap="xs" mt={4}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {user === undefined ? "Add user" : "Save"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The server's own policies first; those made here may be many. */
function PolicyChoices({ policies }: { policies: Policy[] }) {
  return (
    <ScrollArea.Autosize mah={320} type="auto">
      <Stack gap="xs">
        {policies.map((policy) => (
          <Checkbox
            key={policy.arn}
            value={policy.name}
            label={policy.name}
            description={policy.origin === "customer" ? policy.description || policy.arn : policy.description}
          />
        ))}
      </Stack>
    </ScrollArea.Autosize>
  );
}

function passwordHint(user: User | undefined): string {
  if (user?.hasPassword) return "Empty keeps the present one.";
  return "At least 12 characters. Without one the user cannot sign in here, but hold keys.";
}

/** An empty field is no password. */
function inputOf({ password, ...values }: UserValues): Omit<UserValues, "password"> & { password?: string } {
  return { ...values, ...(password === "" ? {} : { password }) };
}
