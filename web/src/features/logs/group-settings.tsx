import { Button, Card, Group, Modal, Select, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { LogGroup, OperationName } from "@nephoscope/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deleteLogGroup, setLogBearer, setLogProtection, setLogRetention } from "../../api/logs.ts";
import { useCan } from "../../api/session.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { notifyFailure, notifySuccess } from "../../ui/notify.ts";
import { retentionChoiceOf, retentionChoices, retentionOfChoice, retentionText } from "./retention.ts";

interface GroupSettingsProps {
  group: LogGroup;
  onDeleted: () => void;
}

/** Each setting is saved as it is changed, since each has its own permission. */
export function GroupSettings({ group, onDeleted }: GroupSettingsProps) {
  const [deleting, deletion] = useDisclosure(false);
  const can = useCan();
  return (
    <Stack gap="md">
      <Card withBorder component="section" aria-label="Settings">
        <Stack gap="lg">
          <Retention group={group} />
          <SettingSwitch
            label="Take API keys"
            description="Whoever has a key with the right policy may send with it as a bearer token. Takes effect within a second."
            checked={group.bearerTokenAuthenticationEnabled}
            operation="logs:PutBearerTokenAuthentication"
            save={(enabled) => setLogBearer(group.name, enabled)}
          />
          <SettingSwitch
            label="Protect against deletion"
            description="The group cannot be deleted while this is on."
            checked={group.deletionProtectionEnabled}
            operation="logs:PutLogGroupDeletionProtection"
            save={(enabled) => setLogProtection(group.name, enabled)}
          />
        </Stack>
      </Card>
      <Card withBorder component="section" aria-label="Delete">
        <Group justify="space-between" gap="sm">
          <div>
            <Title order={2} size="h6">
              Delete this group
            </Title>
            <Text size="sm" c="dimmed">
              {group.deletionProtectionEnabled
                ? "It is protected. Switch the protection off first."
                : "With all its streams and events. That cannot be undone."}
            </Text>
          </div>
          <Button
            color="red"
            variant="light"
            disabled={group.deletionProtectionEnabled || !can("logs:DeleteLogGroup")}
            onClick={deletion.open}
          >
            Delete log group
          </Button>
        </Group>
      </Card>
      <DeleteGroup name={group.name} opened={deleting} onClose={deletion.close} onDeleted={onDeleted} />
    </Stack>
  );
}

function useSave<T>(save: (value: T) => Promise<LogGroup>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: save,
    onSuccess: (group) => queryClient.setQueryData(["logs", "group", group.name], group),
    onError: (error) => notifyFailure("That was not saved", error),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["logs", "groups"] }),
  });
}

function Retention({ group }: { group: LogGroup }) {
  const can = useCan();
  const saving = useSave((days: number | null) => setLogRetention(group.name, days));
  const [asked, setAsked] = useState<number | null>(null);
  const choose = (days: number | null) => {
    // Events that a shorter time lets go do not come back.
    const shortens = days !== null && (group.retentionDays === null || days < group.retentionDays);
    if (shortens && group.lastEventAt !== null) setAsked(days);
    else saving.mutate(days);
  };
  return (
    <>
      <Select
        label="Keep events"
        description="What is older is deleted, and what comes in older is refused."
        data={retentionChoices}
        allowDeselect={false}
        searchable
        maw={320}
        disabled={saving.isPending || !can("logs:PutRetentionPolicy")}
        value={retentionChoiceOf(group.retentionDays)}
        onChange={(choice) => choose(retentionOfChoice(choice))}
      />
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title="Keep events for a shorter time"
        centered
      >
        <Stack gap="md">
          <Text size="sm">
            Events older than {retentionText(asked)} are deleted for good. The group keeps{" "}
            {group.retentionDays === null ? "events for ever" : retentionText(group.retentionDays)} now.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setAsked(null)} data-autofocus>
              Cancel
            </Button>
            <Button
              color="red"
              onClick={() => {
                saving.mutate(asked);
                setAsked(null);
              }}
            >
              Keep {retentionText(asked)}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

interface SettingSwitchProps {
  label: string;
  description: string;
  checked: boolean;
  operation: OperationName;
  save: (enabled: boolean) => Promise<LogGroup>;
}

function SettingSwitch({ label, description, checked, operation, save }: SettingSwitchProps) {
  const can = useCan();
  const saving = useSave(save);
  return (
    <Switch
      label={label}
      description={description}
      checked={saving.isPending ? saving.variables : checked}
      disabled={saving.isPending || !can(operation)}
      onChange={(event) => saving.mutate(event.currentTarget.checked)}
    />
  );
}

interface DeleteGroupProps {
  name: string;
  opened: boolean;
  onClose: () => void;
  onDeleted: () => void;
}

/** Asks for the name: there is no way back. */
function DeleteGroup({ name, opened, onClose, onDeleted }: DeleteGroupProps) {
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState("");
  const removal = useMutation({
    mutationFn: () => deleteLogGroup(name),
    onSuccess: () => {
      notifySuccess(`${name} is deleted.`);
      onDeleted();
      queryClient.removeQueries({ queryKey: ["logs", "group", name] });
      void queryClient.invalidateQueries({ queryKey: ["logs", "groups"] });
    },
  });
  const close = () => {
    setTyped("");
    removal.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Delete log group" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === name) removal.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            All streams and events of <b style={{ overflowWrap: "anywhere" }}>{name}</b> are deleted for good,
            and senders are refused.
          </Text>
          {removal.isError && <ErrorPanel error={removal.error} title="Refused" />}
          <TextInput
            label="Type the name of the group to confirm"
            placeholder={name}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" color="red" loading={removal.isPending} disabled={typed !== name}>
              Delete log group
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
