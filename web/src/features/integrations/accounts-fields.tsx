import {
  ActionIcon,
  Button,
  Collapse,
  Group,
  Input,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight, IconPlus, IconX } from "@tabler/icons-react";
import { FieldLabel } from "../../ui/field-label.tsx";
import { type IntegrationFormValues, newOrganization } from "./form-values.ts";

interface FieldsProps {
  form: UseFormReturnType<IntegrationFormValues>;
}

/** More accounts than the credential's own: by role, by organization, and those that share their metrics with it. */
export function AccountsFields({ form }: FieldsProps) {
  const { accounts, organization, includeLinkedAccounts } = form.values;
  const used = accounts.length > 0 || organization !== null || includeLinkedAccounts;
  const [opened, section] = useDisclosure(used);
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<Chevron size={15} />}
        aria-expanded={opened}
        onClick={section.toggle}
      >
        Accounts
      </Button>
      <Text size="xs" c="dimmed" pl={8}>
        {used ? "More than the credential's own account." : "Only the credential's own account."}
      </Text>
      <Collapse expanded={opened}>
        <Stack gap="md" pt="sm">
          <AccountRoles form={form} />
          <Organization form={form} />
          <LinkedAccounts form={form} />
        </Stack>
      </Collapse>
    </div>
  );
}

function AccountRoles({ form }: FieldsProps) {
  const { accounts } = form.values;
  return (
    <Stack gap={6} role="group" aria-label="Roles in further accounts">
      <FieldLabel description="Each is assumed by the credential. An empty external ID takes the integration's.">
        Roles in further accounts
      </FieldLabel>
      {accounts.map((_account, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their position; all inputs are controlled.
        <Group key={index} gap={6} align="flex-start">
          <TextInput
            aria-label={`Role ARN ${index + 1}`}
            placeholder="arn:aws:iam::123456789012:role/NephoscopeRead"
            spellCheck={false}
            style={{ flex: "2 1 220px" }}
            {...form.getInputProps(`accounts.${index}.roleArn`)}
          />
          <TextInput
            aria-label={`Name of account ${index + 1}`}
            placeholder="Name"
            style={{ flex: "1 1 90px" }}
            {...form.getInputProps(`accounts.${index}.name`)}
          />
          <TextInput
            aria-label={`External ID ${index + 1}`}
            placeholder="External ID"
            spellCheck={false}
            style={{ flex: "1 1 100px" }}
            {...form.getInputProps(`accounts.${index}.externalId`)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={4}
            aria-label={`Remove account ${index + 1}`}
            onClick={() => form.removeListItem("accounts", index)}
          >
            <IconX size={15} />
          </ActionIcon>
        </Group>
      ))}
      {form.errors.accounts && <Input.Error>{form.errors.accounts}</Input.Error>}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        onClick={() => form.insertListItem("accounts", { roleArn: "", name: "", externalId: "" })}
        style={{ alignSelf: "flex-start" }}
      >
        Add account
      </Button>
    </Stack>
  );
}

function Organization({ form }: FieldsProps) {
  const { organization } = form.values;
  return (
    <Stack gap="xs">
      <Switch
        label="Accounts of the AWS organization"
        description="Finds them by itself, new ones included, and pulls each through a role of the same name."
        checked={organization !== null}
        onChange={(event) =>
          form.setFieldValue("organization", event.currentTarget.checked ? newOrganization : null)
        }
      />
      {organization !== null && (
        <Stack gap="xs" pl="md">
          <TextInput
            label="Name of the role in each account"
            placeholder="NephoscopeRead"
            spellCheck={false}
            required
            {...form.getInputProps("organization.roleName")}
            error={form.errors.organization}
          />
          <TextInput
            label="External ID"
            description="Empty takes the integration's."
            spellCheck={false}
            {...form.getInputProps("organization.externalId")}
          />
          <TextInput
            label="Role that lists the accounts"
            description="In the management account. Empty: the integration's own role, or its credential."
            placeholder="arn:aws:iam::123456789012:role/ListAccounts"
            spellCheck={false}
            {...form.getInputProps("organization.managementRoleArn")}
          />
          <TagsInput
            label="Only in organizational units"
            placeholder={organization.organizationalUnits.length === 0 ? "ou-…" : undefined}
            {...form.getInputProps("organization.organizationalUnits")}
          />
          <Group grow align="flex-start" gap="sm">
            <TagsInput label="Only accounts" {...form.getInputProps("organization.includeAccounts")} />
            <TagsInput label="Not accounts" {...form.getInputProps("organization.excludeAccounts")} />
          </Group>
        </Stack>
      )}
    </Stack>
  );
}

function LinkedAccounts({ form }: FieldsProps) {
  return (
    <Stack gap="xs">
      <Switch
        label="Linked accounts"
        description="Also metrics of accounts that share theirs by CloudWatch cross-account observability."
        {...form.getInputProps("includeLinkedAccounts", { type: "checkbox" })}
      />
      {form.values.includeLinkedAccounts && (
        <TagsInput
          label="Only of these accounts"
          description="Empty: all that are linked."
          pl="md"
          {...form.getInputProps("owningAccounts")}
        />
      )}
    </Stack>
  );
}
