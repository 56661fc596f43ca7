import { Button, Group, Modal, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { createLogGroup, createLogStream } from "../../api/logs.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { errorsOfRefusal } from "../../ui/form-problems.ts";
import { notifyFailure, notifySuccess } from "../../ui/notify.ts";
import { mapOf, type Pair } from "../../ui/pairs.ts";
import { PairsEditor } from "../../ui/pairs-editor.tsx";
import { groupNameProblem, streamNameProblem } from "./names.ts";
import { retentionChoiceOf, retentionChoices, retentionOfChoice } from "./retention.ts";

interface FormValues {
  name: string;
  stream: string;
  retentionDays: string;
  bearer: boolean;
  protection: boolean;
  tags: Pair[];
}

const initialValues: FormValues = {
  name: "",
  stream: "",
  retentionDays: retentionChoiceOf(30),
  bearer: true,
  protection: false,
  tags: [],
};

/** A new group, and a first stream for its senders to name. */
export function CreateGroupModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const form = useForm<FormValues>({
    initialValues,
    validate: {
      name: groupNameProblem,
      stream: (stream) => (stream === "" ? null : streamNameProblem(stream)),
    },
  });
  const creation = useMutation({
    mutationFn: create,
    onSuccess: async (name) => {
      notifySuccess(`${name} is there.`);
      form.reset();
      await navigate({ to: "/logs/group", search: { name, tab: "send" } });
    },
    onError: (error) => form.setErrors(errorsOfRefusal(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["logs"] }),
  });
  const close = () => {
    form.reset();
    creation.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Create log group" centered size="lg">
      <form onSubmit={form.onSubmit((values) => creation.mutate(values))}>
        <Stack gap="sm">
          {creation.isError && <ErrorPanel error={creation.error} />}
          <TextInput
            label="Name"
            description="Letters, digits and . - _ / #. It cannot be changed later."
            placeholder="/shop/checkout"
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps("name")}
          />
          <TextInput
            label="First stream"
            description="Optional. A stream is one sender, such as a host or a pod; it has to be there before something is sent to it."
            placeholder="web-1"
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps("stream")}
          />
          <Select
            label="Keep events"
            data={retentionChoices}
            allowDeselect={false}
            searchable
            {...form.getInputProps("retentionDays")}
          />
          <Switch
            label="Take API keys"
            description="Whoever has a key with the right policy may send with it as a bearer token."
            {...form.getInputProps("bearer", { type: "checkbox" })}
          />
          <Switch
            label="Protect against deletion"
            {...form.getInputProps("protection", { type: "checkbox" })}
          />
          <PairsEditor
            label="Tags"
            addLabel="Add tag"
            value={form.values.tags}
            onChange={(tags) => form.setFieldValue("tags", tags)}
          />
          <Group justify="flex-end" gap="xs" mt={4}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={creation.isPending}>
              Create log group
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

async function create(values: FormValues): Promise<string> {
  const { name } = await createLogGroup({
    name: values.name,
    retentionDays: retentionOfChoice(values.retentionDays),
    bearerTokenAuthenticationEnabled: values.bearer,
    deletionProtectionEnabled: values.protection,
    tags: mapOf(values.tags),
  });
  if (values.stream !== "") {
    // The group is there whatever becomes of its stream, which can be tried again on the group's page.
    await createLogStream(name, values.stream).catch((error) =>
      notifyFailure(`Stream ${values.stream} was not created`, error),
    );
  }
  return name;
}
