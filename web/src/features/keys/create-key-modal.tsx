import { Alert, Button, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError } from "../../api/client.ts";
import { createKey } from "../../api/keys.ts";
import { usersQuery } from "../../api/server.ts";
import { useCan } from "../../api/session.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { errorsOfRefusal } from "../../ui/form-problems.ts";
import { type AgeChoice, ageChoices, ageDaysOf, daysUntil, suggestedUserName } from "./key-age.ts";
import { KeySecret } from "./key-secret.tsx";

interface FormValues {
  owner: "new" | "existing";
  userName: string;
  age: AgeChoice;
  date: string;
}

/** Generates a key for a user, who may be made for it, and shows its value once. */
export function CreateKeyModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm<FormValues>({
    initialValues: { owner: "new", userName: "", age: "90", date: "" },
    validate: {
      userName: (name) => (/^[\w+=,.@-]{1,64}$/.test(name) ? null : "1 to 64 letters, digits and _+=,.@- ."),
      date: (date, { age }) => {
        const until = age === "custom" ? daysUntil(date, Date.now()) : undefined;
        return until !== undefined && "problem" in until ? until.problem : null;
      },
    },
  });
  const creation = useMutation({
    mutationFn: ({ userName, owner, age, date }: FormValues) =>
      createKey({ userName, createUser: owner === "new", ageDays: ageDaysOf(age, date, Date.now()) }),
    onError: (error) => form.setErrors(isFull(error) ? { userName: fullText } : errorsOfRefusal(error)),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ["keys"] });
      void queryClient.invalidateQueries({ queryKey: ["users"] });
    },
  });
  const created = creation.data;
  const close = () => {
    form.reset();
    creation.reset();
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={created === undefined ? "Generate API key" : "The API key is made"}
      closeOnClickOutside={created === undefined}
      closeOnEscape={created === undefined}
      centered
      size="lg"
    >
      {created === undefined ? (
        <form onSubmit={form.onSubmit((values) => creation.mutate(values))}>
          <Stack gap="sm">
            {creation.isError && !isFull(creation.error) && (
              <ErrorPanel error={creation.error} title="No key was made" />
            )}
            <OwnerFields form={form} opened={opened} />
            <Select
              label="Expires after"
              data={ageChoices}
              allowDeselect={false}
              {...form.getInputProps("age")}
            />
            {form.values.age === "custom" && (
              <TextInput
                type="date"
                label="Last day"
                description="The key works until this day, counted in whole days from now."
                {...form.getInputProps("date")}
              />
            )}
            {form.values.age === "never" && (
              <Alert color="yellow" variant="light">
                A key that never expires works for whoever finds it, for ever. Prefer 90 days and a second key
                for the change-over: each user has room for two.
              </Alert>
            )}
            <Group justify="flex-end" gap="xs" mt={4}>
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={creation.isPending}>
                Generate API key
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <KeySecret created={created} onDone={close} />
      )}
    </Modal>
  );
}

const isFull = (error: unknown) => error instanceof ApiError && error.code === "limit_exceeded";
const fullText = "This user has two keys already. Delete one of them, or take another user.";

function OwnerFields({ form, opened }: { form: UseFormReturnType<FormValues>; opened: boolean }) {
  const can = useCan();
  const mayList = can("iam:ListUsers");
  const users = useQuery({ ...usersQuery, enabled: opened && mayList });
  const names = users.data?.items.map((user) => user.name) ?? [];
  const { owner, userName } = form.values;
  const suggestion = suggestedUserName(names);
  const known = users.data !== undefined || !mayList;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the suggestion stands until somebody types; it follows no later change.
  useEffect(() => {
    if (opened && known && owner === "new" && userName === "") form.setFieldValue("userName", suggestion);
  }, [opened, known]);
  return (
    <>
      <SegmentedControl
        aria-label="Whose key it is"
        value={owner}
        onChange={(next) =>
          form.setValues({ owner: next as FormValues["owner"], userName: next === "new" ? suggestion : "" })
        }
        data={[
          { value: "new", label: "New user" },
          { value: "existing", label: "Existing user" },
        ]}
      />
      {owner === "new" ? (
        <TextInput
          label="User name"
          description="A user of its own for each sender keeps their rights and their traces apart."
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          {...form.getInputProps("userName")}
        />
      ) : names.length > 0 ? (
        <Select
          label="User"
          placeholder="Choose"
          data={names}
          searchable
          allowDeselect={false}
          {...form.getInputProps("userName")}
        />
      ) : (
        <TextInput label="User" autoComplete="off" {...form.getInputProps("userName")} />
      )}
      <Text size="xs" c="dimmed">
        {rightsText(owner, names.includes(userName))}
      </Text>
    </>
  );
}

function rightsText(owner: FormValues["owner"], exists: boolean): string {
  if (owner === "existing")
    return "The key may do what the user's policies allow; sending needs CloudWatchLogsAPIKeyAccess or one like it.";
  if (exists) return "There is such a user already: the key will be one of theirs.";
  return "The user gets the policy CloudWatchLogsAPIKeyAccess, which lets keys send to every group that takes them.";
}
