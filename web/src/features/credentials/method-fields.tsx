import {
  Alert,
  Anchor,
  Autocomplete,
  Button,
  Checkbox,
  Code,
  Group,
  PasswordInput,
  Radio,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import type { Credential, CredentialOptions } from "@nephoscope/contract";
import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { FieldLabel } from "../../ui/field-label.tsx";
import type { CredentialForm } from "./credential-form.ts";
import { MethodIcon } from "./labels.tsx";
import classes from "./method-fields.module.css";

interface MethodFieldsProps {
  form: CredentialForm;
  options: CredentialOptions;
  /** The stored credential when one is edited. */
  stored: Credential | undefined;
}

export function MethodPicker({ form, options }: Pick<MethodFieldsProps, "form" | "options">) {
  return (
    <Radio.Group
      label="Authentication method"
      description="How the server proves to AWS who it is. None of them falls back to another."
      {...form.getInputProps("method")}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={8} mt={8}>
        {options.methods.map(({ method, title, help, allowed }) => (
          <Radio.Card key={method} value={method} disabled={!allowed} className={classes.method}>
            <Group wrap="nowrap" gap="sm" align="flex-start">
              <Radio.Indicator mt={2} />
              <div>
                <Group gap={6}>
                  <MethodIcon method={method} size={16} />
                  <Text size="sm" fw={600}>
                    {title}
                  </Text>
                </Group>
                <Text size="xs" c="dimmed">
                  {allowed ? help : "Switched off by the operator (NEPHO_ALLOWED_AUTH_METHODS)."}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}

export function MethodFields({ form, options, stored }: MethodFieldsProps) {
  switch (form.values.method) {
    case "keys":
      return <KeyFields form={form} stored={stored?.method === "keys" ? stored : undefined} />;
    case "profile":
      return (
        <Autocomplete
          label="Profile"
          description="A profile of the shared credentials file on the server. It must be there: nothing else is tried."
          placeholder="default"
          data={options.profiles}
          required
          {...form.getInputProps("profile")}
        />
      );
    case "instance":
      return (
        <Stack gap={4}>
          <FieldLabel>Where the server runs</FieldLabel>
          <SegmentedControl
            aria-label="Where the server runs"
            data={[
              { value: "ec2", label: "EC2 instance" },
              { value: "container", label: "ECS task or EKS pod" },
            ]}
            {...form.getInputProps("instanceSource")}
          />
          <Text size="xs" c="dimmed">
            {form.values.instanceSource === "ec2"
              ? "Asks the instance metadata service (IMDSv2 only). In a container, the instance's hop limit must be 2."
              : "Asks the container credentials endpoint that ECS and EKS Pod Identity announce to the process."}
          </Text>
        </Stack>
      );
    case "web-identity":
      return (
        <Stack gap="sm">
          <TextInput
            label="Role ARN"
            description="Empty takes AWS_ROLE_ARN of the server, as EKS sets it."
            placeholder="arn:aws:iam::123456789012:role/Nephoscope"
            {...form.getInputProps("webIdentityRoleArn")}
          />
          <TextInput
            label="Token file"
            description="Empty takes AWS_WEB_IDENTITY_TOKEN_FILE. The server's user must be able to read it."
            placeholder="/var/run/secrets/eks.amazonaws.com/serviceaccount/token"
            {...form.getInputProps("webIdentityTokenFile")}
          />
        </Stack>
      );
    case "default":
      return (
        <Text size="sm" c="dimmed">
          Nothing to enter: the AWS SDK of the server looks at its environment, shared files, web identity,
          container and instance, in this order. The connection test says what it found.
        </Text>
      );
  }
}

function KeyFields({ form, stored }: { form: CredentialForm; stored: Credential | undefined }) {
  const [replacing, setReplacing] = useState(false);
  if (stored?.hasSecretAccessKey && !replacing) {
    return (
      <Alert color="gray" variant="light" icon={<IconLock size={18} />} title="Keys are configured">
        <Group justify="space-between" gap="xs">
          <Text size="sm">
            Access key <Code>{stored.accessKeyIdMasked}</Code>
            {stored.hasSessionToken && ", with session token"}. The secret cannot be read back.
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => setReplacing(true)}>
            Replace
          </Button>
        </Group>
      </Alert>
    );
  }
  return (
    <Stack gap="sm">
      <TextInput
        label="Access key ID"
        description={
          stored === undefined ? "Of an IAM user made for this purpose, never of the root user." : undefined
        }
        placeholder={stored?.accessKeyIdMasked ?? "AKIAIOSFODNN7EXAMPLE"}
        autoComplete="off"
        spellCheck={false}
        required={stored === undefined}
        {...form.getInputProps("accessKeyId")}
      />
      <PasswordInput
        label="Secret access key"
        description="Sealed when saved; no page, log or answer ever shows it again."
        autoComplete="new-password"
        required
        {...form.getInputProps("secretAccessKey")}
      />
      <PasswordInput
        label="Session token"
        description="Only with temporary keys (ASIA…). They end after hours: better give the server a role."
        autoComplete="new-password"
        disabled={form.values.removeSessionToken}
        {...form.getInputProps("sessionToken")}
      />
      {stored?.hasSessionToken && (
        <Checkbox
          label="Remove the stored session token"
          {...form.getInputProps("removeSessionToken", { type: "checkbox" })}
        />
      )}
      {stored !== undefined && (
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => {
            form.setValues({
              accessKeyId: "",
              secretAccessKey: "",
              sessionToken: "",
              removeSessionToken: false,
            });
            setReplacing(false);
          }}
        >
          Keep the configured keys
        </Anchor>
      )}
    </Stack>
  );
}
