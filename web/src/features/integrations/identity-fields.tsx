import { Button, Collapse, Group, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import type { Credential } from "@nephoscope/contract";
import { IconWand } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { createExternalId, credentialOptionsQuery, generateRoleSetup } from "../../api/credentials.ts";
import { settingsQuery } from "../../api/server.ts";
import { useCan } from "../../api/session.ts";
import { CopyIcon } from "../../ui/copy.tsx";
import { messageOf } from "../../ui/error-panel.tsx";
import { FieldLabel } from "../../ui/field-label.tsx";
import { RoleSetupPanel } from "../../ui/role-setup-panel.tsx";
import { CredentialPicker } from "./credential-picker.tsx";
import type { IntegrationFormValues } from "./form-values.ts";

interface IdentityFieldsProps {
  form: UseFormReturnType<IntegrationFormValues>;
  credentials: Credential[];
  onAddCredential: () => void;
}

/** As whom the integration collects. */
export function IdentityFields({ form, credentials, onAddCredential }: IdentityFieldsProps) {
  return (
    <Stack gap="sm" role="group" aria-label="Identity">
      <Stack gap={4}>
        <FieldLabel>Collect as</FieldLabel>
        <SegmentedControl
          aria-label="Collect as"
          data={[
            { value: "credential", label: "A stored credential" },
            { value: "role", label: "A role in the account" },
          ]}
          {...form.getInputProps("identity")}
        />
      </Stack>
      {form.values.identity === "credential" ? (
        <CredentialPicker
          credentials={credentials}
          onAdd={onAddCredential}
          value={form.values.credentialId}
          onChange={(id) => form.setFieldValue("credentialId", id)}
          error={form.errors.credentialId}
        />
      ) : (
        <RoleFields form={form} credentials={credentials} />
      )}
    </Stack>
  );
}

const choiceOf = (credential: Credential) => ({
  value: credential.id,
  label: `${credential.name} · ${credential.identity?.accountId ?? credential.region}`,
});

function RoleFields({ form, credentials }: Omit<IdentityFieldsProps, "onAddCredential">) {
  const can = useCan();
  const [setupOpened, setup] = useDisclosure(false);
  const options = useQuery({ ...credentialOptionsQuery, enabled: setupOpened });
  const settings = useQuery({ ...settingsQuery, enabled: can("settings:Get") });
  const base = credentials.find((credential) => credential.id === settings.data?.baseCredentialId);
  const assuming = form.values.credentialId ?? base?.id;
  const making = useMutation({
    mutationFn: createExternalId,
    onSuccess: (id) => form.setFieldValue("externalId", id),
  });
  return (
    <Stack gap="sm">
      <TextInput
        label="Role ARN"
        placeholder="arn:aws:iam::123456789012:role/NephoscopeRead"
        spellCheck={false}
        required
        {...form.getInputProps("roleArn")}
      />
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          label="External ID"
          description="The role's trust policy must demand it."
          style={{ flex: 1 }}
          spellCheck={false}
          {...form.getInputProps("externalId")}
          error={form.errors.externalId ?? (making.isError ? messageOf(making.error) : undefined)}
          rightSection={
            form.values.externalId === "" ? undefined : (
              <CopyIcon value={form.values.externalId} what="external ID" />
            )
          }
        />
        {form.values.externalId === "" && can("externalIds:Create") && (
          <Button variant="default" loading={making.isPending} onClick={() => making.mutate()}>
            Make one
          </Button>
        )}
      </Group>
      <Select
        label="Assumed by"
        description="The credential that assumes the role."
        placeholder={base === undefined ? "The server's base credential" : `Base credential: ${base.name}`}
        data={credentials.map(choiceOf)}
        searchable
        clearable
        {...form.getInputProps("credentialId")}
      />
      {can("credentials:GenerateRoleSetup") && (
        <Button
          variant="light"
          size="compact-sm"
          leftSection={<IconWand size={14} />}
          onClick={setup.toggle}
          aria-expanded={setupOpened}
          style={{ alignSelf: "flex-start" }}
        >
          Set up this role
        </Button>
      )}
      <Collapse expanded={setupOpened && options.data !== undefined}>
        <RoleSetupPanel
          // Another base identity starts the panel anew with that identity.
          key={assuming ?? "default"}
          features={options.data?.features ?? []}
          generate={generateRoleSetup}
          region={form.values.regions[0] ?? "us-east-1"}
          principalArn={credentials.find((credential) => credential.id === assuming)?.identity?.arn}
          baseCredentialId={assuming}
          externalId={form.values.externalId}
          onExternalId={(id) => form.setFieldValue("externalId", id)}
        />
      </Collapse>
    </Stack>
  );
}
