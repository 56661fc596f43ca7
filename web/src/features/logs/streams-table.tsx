import {
  ActionIcon,
  Anchor,
  Button,
  Group,
  Modal,
  Select,
  Stack,
  Table,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import type { LogStream } from "@nephoscope/contract";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { createLogStream, deleteLogStream, logStreamsQuery } from "../../api/logs.ts";
import { useCan } from "../../api/session.ts";
import { ActionsHeading } from "../../ui/actions-heading.tsx";
import { ConfirmModal } from "../../ui/confirm-modal.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { ListCard } from "../../ui/list-card.tsx";
import { LogText } from "../../ui/log-text.tsx";
import { notifySuccess } from "../../ui/notify.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { streamNameProblem } from "./names.ts";

const pageSize = 50;

type Order = "recent" | "name";

/** The streams of a group: who sends, and when it last did. */
export function StreamsTable({ group }: { group: string }) {
  const can = useCan();
  const [prefix, setPrefix] = useState("");
  const [asked] = useDebouncedValue(prefix.trim(), 250);
  const [order, setOrder] = useState<Order>("recent");
  const [page, setPage] = useState(1);
  const [formOpened, form] = useDisclosure(false);
  const [removing, setRemoving] = useState<LogStream | null>(null);
  const streams = useQuery(
    logStreamsQuery({
      group,
      ...(asked === "" ? {} : { prefix: asked }),
      // As with AWS: what is searched by its beginning comes in order of its name.
      ...(order === "recent" && asked === ""
        ? { orderBy: "lastEventTime", descending: true }
        : { orderBy: "name", descending: false }),
      offset: (page - 1) * pageSize,
      limit: pageSize,
    }),
  );
  return (
    <>
      <ListCard
        title="Streams"
        description="One sender each, such as a host or a pod. A stream has to be there before something is sent to it."
        controls={
          <>
            <TextInput
              aria-label="Search streams"
              placeholder="Beginning of the name"
              size="xs"
              value={prefix}
              onChange={(event) => {
                setPrefix(event.currentTarget.value);
                setPage(1);
              }}
            />
            <Select
              aria-label="Order of streams"
              size="xs"
              w={150}
              allowDeselect={false}
              disabled={asked !== ""}
              data={[
                { value: "recent", label: "Last event first" },
                { value: "name", label: "By name" },
              ]}
              value={asked === "" ? order : "name"}
              onChange={(next) => setOrder(next === "name" ? "name" : "recent")}
            />
            {can("logs:CreateLogStream") && (
              <Button size="xs" leftSection={<IconPlus size={14} />} onClick={form.open}>
                Create stream
              </Button>
            )}
          </>
        }
        query={streams}
        pageSize={pageSize}
        page={page}
        onPage={setPage}
        empty={
          asked === "" ? "There is no stream yet. Create one for each sender." : "No stream begins like this."
        }
        minWidth={620}
        headings={
          <>
            <Table.Th>Name</Table.Th>
            <Table.Th>Last event</Table.Th>
            <Table.Th>Came in</Table.Th>
            <Table.Th>First event</Table.Th>
            <Table.Th>Created</Table.Th>
            <ActionsHeading width={44} />
          </>
        }
        row={(stream) => (
          <Table.Tr key={stream.name}>
            <Table.Td miw={220} maw={360}>
              <StreamLink group={group} name={stream.name} />
            </Table.Td>
            <Table.Td>
              <RelativeTime at={stream.lastEventAt} />
            </Table.Td>
            <Table.Td>
              <RelativeTime at={stream.lastIngestionAt} />
            </Table.Td>
            <Table.Td>
              <RelativeTime at={stream.firstEventAt} />
            </Table.Td>
            <Table.Td>
              <RelativeTime at={stream.createdAt} />
            </Table.Td>
            <Table.Td>
              <DeleteButton stream={stream} onDelete={setRemoving} />
            </Table.Td>
          </Table.Tr>
        )}
        entry={(stream) => (
          <li key={stream.name}>
            <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
              <StreamLink group={group} name={stream.name} />
              <DeleteButton stream={stream} onDelete={setRemoving} />
            </Group>
            <Group fz="xs" c="dimmed" style={{ gap: "2px 14px" }}>
              <span>
                Last event <RelativeTime at={stream.lastEventAt} />
              </span>
              <span>
                Came in <RelativeTime at={stream.lastIngestionAt} />
              </span>
              <span>
                Created <RelativeTime at={stream.createdAt} />
              </span>
            </Group>
          </li>
        )}
      />
      <CreateStream group={group} opened={formOpened} onClose={form.close} />
      <DeleteStream group={group} stream={removing} onClose={() => setRemoving(null)} />
    </>
  );
}

function StreamLink({ group, name }: { group: string; name: string }) {
  return (
    <Anchor
      size="sm"
      fw={550}
      style={{ overflowWrap: "anywhere" }}
      renderRoot={(root) => <Link to="/logs" search={{ group, streams: [name] }} {...root} />}
    >
      <LogText text={name} />
    </Anchor>
  );
}

function DeleteButton({ stream, onDelete }: { stream: LogStream; onDelete: (stream: LogStream) => void }) {
  const can = useCan();
  if (!can("logs:DeleteLogStream")) return null;
  return (
    <Tooltip label="Delete" openDelay={300}>
      <ActionIcon
        variant="subtle"
        color="red"
        aria-label={`Delete stream ${stream.name}`}
        onClick={() => onDelete(stream)}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

function CreateStream({ group, opened, onClose }: { group: string; opened: boolean; onClose: () => void }) {
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [touched, setTouched] = useState(false);
  const problem = touched ? streamNameProblem(name) : null;
  const creation = useMutation({
    mutationFn: () => createLogStream(group, name),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["logs", "streams"] });
      notifySuccess(`Stream ${name} is there.`);
      close();
    },
  });
  const close = () => {
    setName("");
    setTouched(false);
    creation.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Create stream" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTouched(true);
          if (streamNameProblem(name) === null) creation.mutate();
        }}
      >
        <Stack gap="sm">
          {creation.isError && <ErrorPanel error={creation.error} title="Refused" />}
          <TextInput
            label="Name"
            description="Up to 512 characters, but no : and no *."
            placeholder="web-1"
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={problem}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={creation.isPending}>
              Create stream
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface DeleteStreamProps {
  group: string;
  stream: LogStream | null;
  onClose: () => void;
}

function DeleteStream({ group, stream, onClose }: DeleteStreamProps) {
  const queryClient = useQueryClient();
  const removal = useMutation({
    mutationFn: (name: string) => deleteLogStream(group, name),
    onSuccess: async (_answer, name) => {
      await queryClient.invalidateQueries({ queryKey: ["logs"] });
      notifySuccess(`Stream ${name} is deleted.`);
      onClose();
    },
  });
  return (
    <ConfirmModal
      opened={stream !== null}
      title="Delete stream"
      confirmLabel="Delete stream and events"
      busy={removal.isPending}
      error={removal.error}
      onConfirm={() => stream !== null && removal.mutate(stream.name)}
      onClose={() => {
        removal.reset();
        onClose();
      }}
    >
      <b>{stream?.name}</b> and all its events are gone after this. Senders that name it are refused.
    </ConfirmModal>
  );
}
