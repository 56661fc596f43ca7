import { Box, Group, Input, Radio, SimpleGrid, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import type { Credential } from "@nephoscope/contract";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useCan } from "../../api/session.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { CredentialStatusBadge, MethodIcon, methodTitles } from "../credentials/labels.tsx";
import classes from "./credential-picker.module.css";

/** More tiles than this are searched rather than looked through. */
const searchFrom = 7;

interface CredentialPickerProps {
  credentials: Credential[];
  value: string | null;
  onChange: (id: string) => void;
  error?: React.ReactNode;
  onAdd: () => void;
}

/** The stored credentials as tiles with their health, one of which is chosen. */
export function CredentialPicker({ credentials, value, onChange, error, onAdd }: CredentialPickerProps) {
  const can = useCan();
  const [text, setText] = useState("");
  const needle = text.trim().toLowerCase();
  const shown = credentials.filter(
    (credential) =>
      credential.id === value ||
      `${credential.name} ${credential.identity?.accountId ?? ""}`.toLowerCase().includes(needle),
  );
  return (
    <Stack gap="xs">
      {credentials.length >= searchFrom && (
        <TextInput
          aria-label="Search credentials"
          placeholder="Search by name or account"
          leftSection={<IconSearch size={15} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <Radio.Group aria-label="Credential" value={value} onChange={onChange}>
        <Box mah={420} className={classes.scroll}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
            {shown.map((credential) => (
              <Tile key={credential.id} credential={credential} invalid={Boolean(error)} />
            ))}
            {can("credentials:Create") && (
              <UnstyledButton className={classes.add} onClick={onAdd}>
                <IconPlus size={17} aria-hidden />
                <Text size="sm" fw={600}>
                  Add credential
                </Text>
              </UnstyledButton>
            )}
          </SimpleGrid>
        </Box>
      </Radio.Group>
      {error && <Input.Error>{error}</Input.Error>}
    </Stack>
  );
}

function Tile({ credential, invalid }: { credential: Credential; invalid: boolean }) {
  return (
    <Radio.Card
      value={credential.id}
      className={classes.tile}
      aria-label={credential.name}
      aria-invalid={invalid || undefined}
    >
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Radio.Indicator mt={2} />
        <Stack gap={2} miw={0} flex={1}>
          <Text size="sm" fw={600} truncate title={credential.name}>
            {credential.name}
          </Text>
          <Group gap={5} wrap="nowrap" c="dimmed">
            <MethodIcon method={credential.method} size={14} />
            <Text size="xs" truncate>
              {methodTitles[credential.method]}
              {credential.roleChain.length > 0 && " → role"}
            </Text>
          </Group>
          <Text size="xs" c="dimmed" className="numbers">
            {credential.identity === null
              ? "Account not known yet"
              : `Account ${credential.identity.accountId}`}{" "}
            · {credential.region}
          </Text>
          <Group gap={6} mt={4}>
            <CredentialStatusBadge credential={credential} />
            <Text size="xs" c="dimmed">
              <RelativeTime at={credential.testedAt} fallback="" />
            </Text>
          </Group>
        </Stack>
      </Group>
    </Radio.Card>
  );
}
