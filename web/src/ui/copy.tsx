import { ActionIcon, Button, Code, Group, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";

/** Copies a text and says so. `what` completes “Copy …”. */
export function CopyIcon({ value, what, size = "sm" }: { value: string; what: string; size?: "xs" | "sm" }) {
  const clipboard = useClipboard({ timeout: 1500 });
  const label = clipboard.copied ? "Copied" : `Copy ${what}`;
  return (
    <Tooltip label={label} openDelay={clipboard.copied ? 0 : 300}>
      <ActionIcon
        variant="subtle"
        color={clipboard.copied ? "green" : "gray"}
        size={size}
        onClick={(event) => {
          event.stopPropagation();
          clipboard.copy(value);
        }}
        aria-label={label}
      >
        {clipboard.copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** The same with a label; the text is made when it is copied. */
export function CopyButton({ value, label }: { value: () => string; label: string }) {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<IconCopy size={13} />}
      onClick={() => clipboard.copy(value())}
    >
      {clipboard.copied ? "Copied" : label}
    </Button>
  );
}

/** An identifier in monospace that may be cut on screen and is copied whole. */
export function CopyableCode({ value, what }: { value: string; what: string }) {
  return (
    <Group gap={4} wrap="nowrap" miw={0} maw="100%">
      <Code
        title={value}
        style={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", minWidth: 0 }}
      >
        {value}
      </Code>
      <CopyIcon value={value} what={what} size="xs" />
    </Group>
  );
}
