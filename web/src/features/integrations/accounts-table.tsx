import { Table, Text } from "@mantine/core";
import type { IntegrationAccount } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { integrationAccountsQuery } from "../../api/integrations.ts";
import { CopyableCode } from "../../ui/copy.tsx";
import { formatCount } from "../../ui/format.ts";
import { ListCard } from "../../ui/list-card.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { type Mood, StatusBadge } from "../../ui/status-badge.tsx";

const pageSize = 25;

const states: Record<IntegrationAccount["state"], { mood: Mood; label: string }> = {
  ok: { mood: "good", label: "Collecting" },
  failing: { mood: "warning", label: "Failing" },
  denied: { mood: "bad", label: "Denied" },
  suspended: { mood: "paused", label: "Suspended" },
  new: { mood: "unknown", label: "Not pulled yet" },
};

const origins: Record<IntegrationAccount["origin"], string> = {
  own: "the credential's own",
  listed: "named in the settings",
  organization: "found in the organization",
};

/** The accounts that an integration pulls, and how each of them is doing. */
export function AccountsTable({ integrationId }: { integrationId: string }) {
  const [page, setPage] = useState(1);
  const accounts = useQuery(
    integrationAccountsQuery(integrationId, { offset: (page - 1) * pageSize, limit: pageSize }),
  );
  return (
    <ListCard
      title="Accounts"
      query={accounts}
      pageSize={pageSize}
      page={page}
      onPage={setPage}
      empty="Not known before the first run."
      minWidth={800}
      headings={
        <>
          <Table.Th>Account</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Role</Table.Th>
          <Table.Th ta="right">Metrics</Table.Th>
          <Table.Th>Last data</Table.Th>
          <Table.Th>Last run</Table.Th>
        </>
      }
      row={(account) => <AccountRow key={`${account.accountId} ${account.roleArn}`} account={account} />}
    />
  );
}

function AccountRow({ account }: { account: IntegrationAccount }) {
  const { mood, label } = states[account.state];
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" className="numbers">
          {account.accountId}
        </Text>
        <Text size="xs" c="dimmed">
          {account.name === null ? origins[account.origin] : `${account.name} · ${origins[account.origin]}`}
        </Text>
      </Table.Td>
      <Table.Td maw={300}>
        <StatusBadge mood={mood} label={label} />
        {account.lastError !== null && (
          <Text size="xs" c="dimmed" mt={2} style={{ overflowWrap: "anywhere" }}>
            {account.lastError}
          </Text>
        )}
      </Table.Td>
      <Table.Td maw={280}>
        {account.roleArn === null ? "–" : <CopyableCode value={account.roleArn} what="role ARN" />}
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {account.metrics === null ? "–" : formatCount(account.metrics)}
      </Table.Td>
      <Table.Td>
        <RelativeTime at={account.lastDataAt} />
      </Table.Td>
      <Table.Td>
        <RelativeTime at={account.lastRunAt} />
      </Table.Td>
    </Table.Tr>
  );
}
