import {
  ActionIcon,
  Button,
  Card,
  Collapse,
  Group,
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowDown, IconChevronDown, IconPlus, IconTrash, IconWand } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { createExternalId } from "../../api/credentials.ts";
import { useCan } from "../../api/session.ts";
import { CopyIcon } from "../../ui/copy.tsx";
import { messageOf } from "../../ui/error-panel.tsx";
import { FieldLabel } from "../../ui/field-label.tsx";
import { PairsEditor } from "../../ui/pairs-editor.tsx";
import type { CredentialForm } from "./credential-form.ts";
import { newHop } from "./form-values.ts";

interface RoleChainEditorProps {
  form: CredentialForm;
  assumeRoleEnabled: boolean;
  /** Opens the set-up assistant for the role of one hop. */
  onSetUp: (hop: number) => void;
}

/** Roles assumed one after the other; the last one is who the credential finally is. */
export function RoleChainEditor({ form, assumeRoleEnabled, onSetUp }: RoleChainEditorProps) {
  const hops = form.values.roleChain;
  return (
    <Stack gap="xs" role="group" aria-label="Assumed roles">
      <FieldLabel
        description={
          assumeRoleEnabled
            ? "Recommended: a read-only role per AWS account, protected by an external ID. Several roles are assumed one after the other."
            : "Switched off by the operator (NEPHO_ASSUME_ROLE_ENABLED)."
        }
      >
        Assumed roles
      </FieldLabel>
      {hops.map((hop, index) => (
        <Stack key={hop.rowId} gap="xs">
          {index > 0 && (
            <Group justify="center" c="dimmed">
              <IconArrowDown size={15} aria-label="then" />
            </Group>
          )}
          <HopEditor form={form} index={index} onSetUp={() => onSetUp(index)} />
        </Stack>
      ))}
      {assumeRoleEnabled && hops.length < 5 && (
        <Button
          variant="light"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          onClick={() => form.insertListItem("roleChain", newHop())}
          style={{ alignSelf: "flex-start" }}
        >
          {hops.length === 0 ? "Assume a role" : "Assume another role from it"}
        </Button>
      )}
    </Stack>
  );
}

function HopEditor({ form, index, onSetUp }: { form: CredentialForm; index: number; onSetUp: () => void }) {
  const can = useCan();
  const [moreOpened, more] = useDisclosure(false);
  const path = `roleChain.${index}`;
  const hasProblem = Object.keys(form.errors).some(
    (name) => name.startsWith(`${path}.`) && !/\.(roleArn|externalId)$/.test(name),
  );
  return (
    <Card withBorder padding="sm">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={600}>
            Role {index + 1}
          </Text>
          <Group gap={4} wrap="nowrap">
            {can("credentials:GenerateRoleSetup") && (
              <Button
                size="compact-xs"
                variant="subtle"
                leftSection={<IconWand size={14} />}
                onClick={onSetUp}
              >
                Set up this role
              </Button>
            )}
            <Tooltip label="Remove this role" openDelay={300}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove role ${index + 1}`}
                onClick={() => form.removeListItem("roleChain", index)}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
        <TextInput
          label="Role ARN"
          placeholder="arn:aws:iam::123456789012:role/NephoscopeRead"
          spellCheck={false}
          required
          {...form.getInputProps(`${path}.roleArn`)}
        />
        <ExternalIdField form={form} index={index} />
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          rightSection={
            <IconChevronDown size={13} style={{ transform: moreOpened ? "rotate(180deg)" : undefined }} />
          }
          onClick={more.toggle}
          aria-expanded={moreOpened || hasProblem}
          style={{ alignSelf: "flex-start" }}
        >
          Session options
        </Button>
        <Collapse expanded={moreOpened || hasProblem}>
          <HopOptions form={form} path={path} />
        </Collapse>
      </Stack>
    </Card>
  );
}

function HopOptions({ form, path }: { form: CredentialForm; path: string }) {
  const tags = form.getInputProps(`${path}.sessionTags`);
  return (
    <Stack gap="sm">
      <Group grow align="flex-start" gap="sm">
        <TextInput
          label="Session name"
          description="Seen in CloudTrail of the account."
          placeholder="nephoscope"
          {...form.getInputProps(`${path}.sessionName`)}
        />
        <NumberInput
          label="Duration (seconds)"
          description="At most 3,600 from another role."
          min={900}
          max={43_200}
          step={900}
          {...form.getInputProps(`${path}.durationSeconds`)}
        />
      </Group>
      <TextInput
        label="Source identity"
        description="Stays visible through role chains; needs sts:SetSourceIdentity."
        {...form.getInputProps(`${path}.sourceIdentity`)}
      />
      <Textarea
        label="Session policy"
        description="JSON that narrows what the session may do."
        autosize
        minRows={2}
        maxRows={8}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
        {...form.getInputProps(`${path}.sessionPolicy`)}
      />
      <PairsEditor
        label="Session tags"
        description="Need sts:TagSession."
        value={tags.value}
        onChange={tags.onChange}
        addLabel="Add session tag"
      />
    </Stack>
  );
}

const sources = [
  { value: "generated", label: "Made here" },
  { value: "owner", label: "From the owner" },
  { value: "none", label: "None" },
];

const sourceHelp = {
  generated:
    "A random ID that the role's trust policy demands. It keeps others from using the role through us.",
  owner: "The owner of the role chose the ID and told you.",
  none: "Anyone who can use this server's identity can assume the role. Prefer an external ID.",
};

function ExternalIdField({ form, index }: { form: CredentialForm; index: number }) {
  const can = useCan();
  const path = `roleChain.${index}`;
  const hop = form.values.roleChain[index];
  const making = useMutation({
    mutationFn: createExternalId,
    onSuccess: (id) => form.setFieldValue(`${path}.externalId`, id),
  });
  if (hop === undefined) return null;
  const generated = hop.externalIdSource === "generated";
  const error = form.errors[`${path}.externalId`] ?? (making.isError ? messageOf(making.error) : undefined);
  return (
    <Stack gap={6}>
      <FieldLabel>External ID</FieldLabel>
      <SegmentedControl
        size="xs"
        aria-label="Where the external ID comes from"
        data={sources}
        {...form.getInputProps(`${path}.externalIdSource`)}
        onChange={(source) => {
          form.setFieldValue(`${path}.externalIdSource`, source as typeof hop.externalIdSource);
          form.setFieldValue(`${path}.externalId`, "");
        }}
      />
      <Text size="xs" c="dimmed">
        {sourceHelp[hop.externalIdSource]}
      </Text>
      {hop.externalIdSource !== "none" && (
        <Group gap={6} wrap="nowrap" align="flex-start">
          <TextInput
            aria-label="External ID"
            style={{ flex: 1 }}
            readOnly={generated}
            placeholder={generated ? "Made when you save, or now with the button" : "External ID"}
            {...form.getInputProps(`${path}.externalId`)}
            error={error}
            rightSection={
              hop.externalId === "" ? undefined : <CopyIcon value={hop.externalId} what="external ID" />
            }
          />
          {generated && hop.externalId === "" && can("externalIds:Create") && (
            <Button variant="default" loading={making.isPending} onClick={() => making.mutate()}>
              Make one now
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
