import { Alert, Anchor, Badge, Button, Drawer, Group, List, Stack, Text, Title } from "@mantine/core";
import type { Credential } from "@nephoscope/contract";
import { IconAlertTriangle, IconPencil, IconPlugConnected, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCan } from "../../api/session.ts";
import { CopyableCode } from "../../ui/copy.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatSeconds } from "../../ui/format.ts";
import { principalName } from "../../ui/principal.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { ConnectionTestView } from "./connection-test-view.tsx";
import { CredentialStatusBadge, methodTitles } from "./labels.tsx";
import { TestHistory } from "./test-history.tsx";

interface CredentialDetailDrawerProps {
  credential: Credential | undefined;
  opened: boolean;
  testing: boolean;
  onClose: () => void;
  onTest: (credential: Credential) => void;
  onEdit: (credential: Credential) => void;
  onDelete: (credential: Credential) => void;
}

export function CredentialDetailDrawer(props: CredentialDetailDrawerProps) {
  const { credential } = props;
  return (
    <Drawer
      opened={props.opened && credential !== undefined}
      onClose={props.onClose}
      position="right"
      size="min(100vw, 680px)"
      title={credential?.name}
      styles={{ title: { fontWeight: 650, overflowWrap: "anywhere" } }}
    >
      {credential !== undefined && <Details {...props} credential={credential} />}
    </Drawer>
  );
}

function Details({
  credential,
  testing,
  onTest,
  onEdit,
  onDelete,
}: CredentialDetailDrawerProps & { credential: Credential }) {
  const can = useCan();
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <CredentialStatusBadge credential={credential} />
        {credential.readOnly && <Badge color="gray">from a file, read-only</Badge>}
      </Group>
      {credential.description !== "" && (
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
          {credential.description}
        </Text>
      )}
      <Group gap="xs">
        <Button
          leftSection={<IconPlugConnected size={16} />}
          loading={testing}
          disabled={!can("credentials:Test")}
          onClick={() => onTest(credential)}
        >
          Test connection
        </Button>
        <Button
          variant="default"
          leftSection={<IconPencil size={16} />}
          disabled={!can("credentials:Update") || credential.readOnly}
          onClick={() => onEdit(credential)}
        >
          Edit
        </Button>
        <Button
          variant="default"
          c="red"
          leftSection={<IconTrash size={16} />}
          disabled={!can("credentials:Delete")}
          onClick={() => onDelete(credential)}
        >
          Delete
        </Button>
      </Group>
      {credential.warnings.map((warning) => (
        <Alert
          key={`${warning.code} ${warning.message}`}
          color="yellow"
          variant="light"
          icon={<IconAlertTriangle size={18} />}
          title={warning.message}
        >
          {warning.advice}
        </Alert>
      ))}
      <CredentialFacts credential={credential} />
      {credential.roleChain.length > 0 && <RoleChain credential={credential} />}
      <Section title="Used by">
        {credential.usedBy.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nothing yet.{" "}
            <Anchor
              inherit
              renderRoot={(root) => (
                <Link to="/integrations/add" search={{ credential: credential.id }} {...root} />
              )}
            >
              Add an integration
            </Anchor>{" "}
            that collects with it.
          </Text>
        ) : (
          <List size="sm" listStyleType="none">
            {credential.usedBy.map((user) => (
              <List.Item key={user.id}>
                <Anchor
                  size="sm"
                  renderRoot={(root) => <Link to="/integrations/$id" params={{ id: user.id }} {...root} />}
                >
                  {user.name}
                </Anchor>
              </List.Item>
            ))}
          </List>
        )}
      </Section>
      <Section title="Last test">
        {credential.lastTest === null ? (
          <Text size="sm" c="dimmed">
            Not tested yet.
          </Text>
        ) : (
          <ConnectionTestView result={credential.lastTest} />
        )}
      </Section>
      <Section title="Test history">
        <TestHistory credentialId={credential.id} />
      </Section>
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={2} size="h6">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

function CredentialFacts({ credential }: { credential: Credential }) {
  const endpoints = Object.entries(credential.endpoints);
  const tags = Object.entries(credential.tags);
  return (
    <Facts>
      <Fact label="Method">{methodTitles[credential.method]}</Fact>
      <Fact label="Region">{credential.region}</Fact>
      {credential.accessKeyIdMasked !== null && (
        <Fact label="Access key">
          {credential.accessKeyIdMasked}
          {credential.hasSessionToken && " (temporary)"}
        </Fact>
      )}
      {credential.secretUpdatedAt !== null && (
        <Fact label="Secret set">
          <RelativeTime at={credential.secretUpdatedAt} />
        </Fact>
      )}
      {credential.profile !== null && <Fact label="Profile">{credential.profile}</Fact>}
      {credential.method === "instance" && <Fact label="Source">{credential.instanceSource}</Fact>}
      {credential.webIdentityRoleArn !== null && (
        <Fact label="Web identity role">{credential.webIdentityRoleArn}</Fact>
      )}
      {credential.webIdentityTokenFile !== null && (
        <Fact label="Token file">{credential.webIdentityTokenFile}</Fact>
      )}
      {credential.identity !== null && (
        <>
          <Fact label="Account">{credential.identity.accountId}</Fact>
          <Fact label="Identity">
            <CopyableCode value={credential.identity.arn} what="ARN" />
          </Fact>
        </>
      )}
      {endpoints.map(([service, url]) => (
        <Fact key={service} label={`Endpoint ${service}`}>
          {url}
        </Fact>
      ))}
      {credential.proxy.type !== "none" && (
        <Fact label="Proxy">{credential.proxy.url ?? "server's environment"}</Fact>
      )}
      {(credential.useFipsEndpoint || credential.useDualstackEndpoint || credential.emulatorCompatible) && (
        <Fact label="Options">
          {[
            credential.useFipsEndpoint && "FIPS",
            credential.useDualstackEndpoint && "dual-stack",
            credential.emulatorCompatible && "emulator",
          ]
            .filter(Boolean)
            .join(", ")}
        </Fact>
      )}
      {tags.length > 0 && (
        <Fact label="Tags">{tags.map(([key, value]) => `${key}=${value}`).join(", ")}</Fact>
      )}
      <Fact label="Added">
        <RelativeTime at={credential.createdAt} /> by {principalName(credential.createdBy)}
      </Fact>
      <Fact label="Changed">
        <RelativeTime at={credential.updatedAt} /> by {principalName(credential.updatedBy)}
      </Fact>
      <Fact label="ID">
        <CopyableCode value={credential.id} what="credential ID" />
      </Fact>
    </Facts>
  );
}

const externalIdSources = {
  generated: "made here",
  owner: "from the role's owner",
  none: "none",
};

function RoleChain({ credential }: { credential: Credential }) {
  return (
    <Section title="Assumed roles">
      <Stack gap="sm">
        {credential.roleChain.map((hop, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a role may occur twice in a chain; its place is its identity.
          <Facts key={`${index} ${hop.roleArn}`}>
            <Fact label={`Role ${index + 1}`}>
              <CopyableCode value={hop.roleArn} what="role ARN" />
            </Fact>
            <Fact label={`External ID (${externalIdSources[hop.externalIdSource]})`}>
              {hop.externalId === null ? "–" : <CopyableCode value={hop.externalId} what="external ID" />}
            </Fact>
            <Fact label="Session">
              {hop.sessionName}, {formatSeconds(hop.durationSeconds)}
            </Fact>
          </Facts>
        ))}
      </Stack>
    </Section>
  );
}
