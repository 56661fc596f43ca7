import { ActionIcon, Tooltip } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useCan } from "../api/session.ts";

interface AuditLinkProps {
  /** What is found there, for those who see what it stands beside. */
  tooltip: string;
  label: string;
  /** The id of a key or token, or the name of a user. */
  of: { key: string } | { userName: string };
}

/** Leads to what somebody did, or what something was used for, in the last days; nothing for who may not look. */
export function AuditLink({ tooltip, label, of }: AuditLinkProps) {
  const can = useCan();
  if (!can("cloudtrail:LookupEvents")) return null;
  return (
    <Tooltip label={tooltip} openDelay={300}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        renderRoot={(root) => <Link to="/audit" search={{ ...of, range: "7d" }} {...root} />}
      >
        <IconHistory size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
