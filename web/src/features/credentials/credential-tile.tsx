import {
  ActionIcon,
  Card,
  Group,
  Menu,
  Stack,
  Text,
  ThemeIcon,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import type { Credential } from "@nephoscope/contract";
import {
  IconAlertTriangle,
  IconDotsVertical,
  IconFileText,
  IconPencil,
  IconPlugConnected,
  IconPlus,
  IconTrash,
} from "@tabler/icons-react";
import { useCan } from "../../api/session.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import classes from "./credential-tile.module.css";
import { CredentialStatusBadge, MethodIcon, methodTitles } from "./labels.tsx";

export interface TileActions {
  onOpen: () => void;
  onTest: () => void;
  onEdit: () => void;
  onDelete: () => void;
}

export function CredentialTile({
  credential,
  testing,
  ...actions
}: TileActions & { credential: Credential; testing: boolean }) {
  const role = credential.roleChain.at(-1)?.roleArn;
  return (
    <Card withBorder className={classes.tile} component="article" aria-label={credential.name}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <ThemeIcon variant="light" size={34} radius="md" aria-hidden>
          <MethodIcon method={credential.method} />
        </ThemeIcon>
        <Stack gap={0} flex={1} miw={0}>
          <UnstyledButton className={classes.name} onClick={actions.onOpen} title={credential.name}>
            {credential.name}
          </UnstyledButton>
          <Text size="xs" c="dimmed" truncate>
            {methodTitles[credential.method]}
            {role !== undefined && " → role"} · {credential.region}
          </Text>
        </Stack>
        <TileMenu credential={credential} {...actions} />
      </Group>
      <Stack gap={2} mt="sm" miw={0}>
        <Text size="sm" className="numbers">
          {credential.identity === null ? (
            <Text span inherit c="dimmed">
              Account not known yet
            </Text>
          ) : (
            <>Account {credential.identity.accountId}</>
          )}
        </Text>
        <Text size="xs" c="dimmed" truncate title={credential.identity?.arn ?? role}>
          {shortArn(credential.identity?.arn ?? role) ?? credential.accessKeyIdMasked ?? " "}
        </Text>
      </Stack>
      <Group gap={6} mt="sm">
        {testing ? (
          <Text size="xs" c="dimmed">
            Testing…
          </Text>
        ) : (
          <CredentialStatusBadge credential={credential} />
        )}
        <Text size="xs" c="dimmed">
          <RelativeTime at={credential.testedAt} fallback="" />
        </Text>
        {credential.readOnly && (
          <Tooltip label="Imported from a file marked read-only">
            <IconFileText size={15} aria-label="Imported from a file, read-only" />
          </Tooltip>
        )}
      </Group>
      {credential.warnings.length > 0 && (
        <Group gap={5} mt={8} wrap="nowrap" className={classes.warning}>
          <IconAlertTriangle size={14} aria-hidden style={{ flexShrink: 0 }} />
          <Text size="xs" truncate title={credential.warnings.map((warning) => warning.message).join("\n")}>
            {warningTitles[credential.warnings[0]?.code ?? "key_old"]}
            {credential.warnings.length > 1 && ` (+${credential.warnings.length - 1})`}
          </Text>
        </Group>
      )}
      <Group justify="space-between" mt="auto" pt="sm" gap="xs">
        <Text size="xs" c="dimmed">
          {usersText(credential.usedBy.length)}
        </Text>
        <Text size="xs" c="dimmed">
          {credential.secretUpdatedAt === null ? "Added " : "Key set "}
          <RelativeTime at={credential.secretUpdatedAt ?? credential.createdAt} />
        </Text>
      </Group>
    </Card>
  );
}

function TileMenu({ credential, onTest, onEdit, onDelete }: TileActions & { credential: Credential }) {
  const can = useCan();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.above}
          aria-label={`Actions for ${credential.name}`}
        >
          <IconDotsVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPlugConnected size={15} />}
          disabled={!can("credentials:Test")}
          onClick={onTest}
        >
          Test connection
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPencil size={15} />}
          disabled={!can("credentials:Update") || credential.readOnly}
          onClick={onEdit}
        >
          Edit
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={15} />}
          disabled={!can("credentials:Delete")}
          onClick={onDelete}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function AddCredentialTile({ onAdd }: { onAdd: () => void }) {
  return (
    <UnstyledButton className={classes.add} onClick={onAdd}>
      <ThemeIcon variant="light" size={40} radius="xl" aria-hidden>
        <IconPlus size={20} />
      </ThemeIcon>
      <Text fw={600} size="sm">
        Add credential
      </Text>
      <Text size="xs" c="dimmed" ta="center">
        Keys, a role with external ID, a profile or the server's own identity
      </Text>
    </UnstyledButton>
  );
}

/** A tile has room for a few words; the details have the whole sentence. */
const warningTitles: Record<Credential["warnings"][number]["code"], string> = {
  key_old: "The key is old",
  key_very_old: "The key is very old",
  root_identity: "Keys of the root user",
  external_id_not_enforced: "The role does not enforce the external ID",
  session_expires: "Temporary keys",
  no_external_id: "A role without external ID",
  duplicate_key: "Another credential has the same key",
};

const usersText = (count: number) =>
  count === 0 ? "Not used yet" : count === 1 ? "Used by 1 integration" : `Used by ${count} integrations`;

/** `assumed-role/Name/session` instead of the whole ARN, which the title has. */
function shortArn(arn: string | undefined): string | undefined {
  return arn?.split(":").slice(5).join(":");
}
