import { Button, Menu } from "@mantine/core";
import type { IntegrationSummary } from "@nephoscope/contract";
import {
  IconChartLine,
  IconChevronDown,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useCan } from "../../api/session.ts";
import { useIntegrationAction } from "./use-integration-action.ts";

interface IntegrationActionsProps {
  integration: IntegrationSummary;
  canEdit: boolean;
  onEdit: () => void;
  onDelete: () => void;
}

/** What can be done with one integration as a whole. */
export function IntegrationActions({ integration, canEdit, onEdit, onDelete }: IntegrationActionsProps) {
  const can = useCan();
  const action = useIntegrationAction(integration);
  const inTrash = integration.state === "trash";
  const disabled = integration.state === "disabled" || integration.state === "disabled-by-error";
  if (inTrash) {
    return (
      <>
        <Button
          loading={action.isPending}
          disabled={!can("integrations:Undelete")}
          onClick={() => action.mutate("undelete")}
        >
          Restore
        </Button>
        <Button variant="default" c="red" disabled={!can("integrations:Delete")} onClick={onDelete}>
          Delete forever
        </Button>
      </>
    );
  }
  return (
    <>
      {disabled ? (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={action.isPending}
          disabled={!can("integrations:Enable")}
          onClick={() => action.mutate("enable")}
        >
          Enable
        </Button>
      ) : (
        <Button
          leftSection={<IconRefresh size={16} />}
          loading={action.isPending && action.variables === "run"}
          disabled={!can("integrations:Run") || integration.lastRun?.state === "running"}
          onClick={() => action.mutate("run")}
        >
          Run now
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconPencil size={16} />}
        disabled={!can("integrations:Update") || !canEdit}
        onClick={onEdit}
      >
        Edit
      </Button>
      <Menu>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {!disabled && (
            <Menu.Item
              leftSection={<IconPlayerPause size={15} />}
              disabled={!can("integrations:Disable")}
              onClick={() => action.mutate("disable")}
            >
              Disable
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconChartLine size={15} />}
            renderRoot={(root) => <Link to="/explore" {...root} />}
          >
            Explore metrics
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={15} />}
            disabled={!can("integrations:Delete")}
            onClick={onDelete}
          >
            Move to the trash
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
