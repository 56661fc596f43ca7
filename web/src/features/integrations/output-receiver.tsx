import { Alert, Button, Card, Group, PasswordInput, Stack, Switch, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import type { OutputTarget } from "@nephoscope/contract";
import { useCan } from "../../api/session.ts";
import { ConfirmModal } from "../../ui/confirm-modal.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { errorsOfRefusal } from "../../ui/form-problems.ts";
import { formatCount } from "../../ui/format.ts";
import { notifySuccess } from "../../ui/notify.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { type Mood, StatusBadge } from "../../ui/status-badge.tsx";
import { useUpdateOutputs } from "./use-update-outputs.ts";

interface OutputReceiverProps {
  integrationId: string;
  /** Name of the receiver in the outputs. */
  field: "remoteWrite" | "otlp";
  title: string;
  placeholder: string;
  target: OutputTarget | null;
}

/** One receiver: how the sending is doing, and the form that adds, changes or removes it. */
export function OutputReceiver(props: OutputReceiverProps) {
  const { title, target } = props;
  const can = useCan();
  return (
    <Card withBorder component="section" aria-label={title}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h6">
          {title}
        </Title>
        {target !== null && <TargetBadge target={target} />}
      </Group>
      <Stack gap="md">
        {target !== null && <TargetFacts target={target} />}
        {target?.lastError && (
          <Alert color={target.state === "retrying" ? "red" : "yellow"} title="Last trouble">
            {target.lastError} <RelativeTime at={target.lastErrorAt} span />
          </Alert>
        )}
        {can("outputs:Update") && <ReceiverForm {...props} />}
      </Stack>
    </Card>
  );
}

const states: Record<OutputTarget["state"], { mood: Mood; label: string }> = {
  idle: { mood: "good", label: "Up to date" },
  sending: { mood: "busy", label: "Sending" },
  retrying: { mood: "bad", label: "Retrying" },
};

function TargetBadge({ target }: { target: OutputTarget }) {
  const { mood, label } = states[target.state];
  if (target.state === "idle" && target.pending > 0) return <StatusBadge mood="busy" label="Waiting" />;
  return <StatusBadge mood={mood} label={label} />;
}

function TargetFacts({ target }: { target: OutputTarget }) {
  const { refused, rejected } = target.dropped;
  return (
    <Facts>
      <Fact label="Points sent">{formatCount(target.sentPoints)}</Fact>
      <Fact label="Waiting">{formatCount(target.pending)}</Fact>
      <Fact label="Not taken">{formatCount(refused + rejected)}</Fact>
      <Fact label="Last sent">
        <RelativeTime at={target.lastSentAt} />
      </Fact>
      {target.retryAt !== null && (
        <Fact label="Next try">
          <RelativeTime at={target.retryAt} />
        </Fact>
      )}
      {target.headerNames.length > 0 && <Fact label="Headers">{target.headerNames.join(", ")}</Fact>}
    </Facts>
  );
}

function ReceiverForm({ integrationId, field, title, placeholder, target }: OutputReceiverProps) {
  const update = useUpdateOutputs(integrationId);
  const [removing, removal] = useDisclosure(false);
  const form = useForm({
    initialValues: {
      url: target?.url ?? "",
      authorization: "",
      sendChanges: target?.sendChanges ?? false,
    },
  });
  const save = form.onSubmit(({ url, authorization, sendChanges }) =>
    update.mutate(
      { [field]: { url, sendChanges, ...(authorization !== "" && { authorization }) } },
      {
        onSuccess: () => {
          notifySuccess(`${title} is saved.`);
          form.setFieldValue("authorization", "");
        },
        onError: (error) => {
          const errors = Object.entries(errorsOfRefusal(error));
          form.setErrors(
            Object.fromEntries(errors.map(([path, message]) => [path.replace(`${field}.`, ""), message])),
          );
        },
      },
    ),
  );
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="sm">
        <TextInput label="URL" placeholder={placeholder} {...form.getInputProps("url")} />
        <PasswordInput
          label="Authorization"
          description="Value of the header, such as Bearer …. It is sealed and never shown again."
          placeholder={target?.hasAuthorization ? "Stored; leave empty to keep it" : "None"}
          autoComplete="off"
          {...form.getInputProps("authorization")}
        />
        <Switch
          label="Send a point again when AWS has changed its value"
          {...form.getInputProps("sendChanges", { type: "checkbox" })}
        />
        {update.isError && Object.keys(form.errors).length === 0 && (
          <ErrorPanel error={update.error} title="Not saved" />
        )}
        <Group gap="xs">
          <Button type="submit" loading={update.isPending} disabled={form.values.url === ""}>
            {target === null ? "Start sending" : "Save"}
          </Button>
          {target !== null && (
            <Button variant="default" onClick={removal.open}>
              Stop sending
            </Button>
          )}
        </Group>
      </Stack>
      <ConfirmModal
        opened={removing}
        title={`Stop sending to ${title}?`}
        confirmLabel="Stop sending"
        busy={update.isPending}
        error={update.error}
        onConfirm={() => update.mutate({ [field]: null }, { onSuccess: removal.close })}
        onClose={removal.close}
      >
        The address and its authorization are forgotten. A receiver that is added again begins with what is
        stored from then on.
      </ConfirmModal>
    </form>
  );
}
