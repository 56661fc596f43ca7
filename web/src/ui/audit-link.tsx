import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useCan } from "../api/session.ts";

interface AuditMenuItemProps {
  label: string;
  /** The id of a key or token, or the name of a user. */
  of: { key: string } | { userName: string };
}

interface AuditLinkProps extends AuditMenuItemProps {
  /** What is found there, for those who see what it stands beside. */
  tooltip: string;
}

/** Leads to what somebody did, or what something was used for, in the last days; nothing for who may not look. */
export function AuditLink({ tooltip, label, of }: AuditLinkProps) {
  if (!useMayLook()) return null;
  return (
    <Tooltip label={tooltip} openDelay={300}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} renderRoot={linkTo(of)}>
        <IconHistory size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

/** The same in a menu. */
export function AuditMenuItem({ label, of }: AuditMenuItemProps) {
  if (!useMayLook()) return null;
  return (
    <Menu.Item leftSection={<IconHistory size={15} />} renderRoot={linkTo(of)}>
      {label}
    </Menu.Item>
  );
}

const useMayLook = () => useCan()("cloudtrail:LookupEvents");

const linkTo = (of: AuditMenuItemProps["of"]) => (root: object) => (
  <Link to="/audit" search={{ ...of, range: "7d" }} {...root} />
);
