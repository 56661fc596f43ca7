import {
  Accordion,
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  Group,
  PasswordInput,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type Credential, endpointServices } from "@nephoscope/contract";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { FieldLabel } from "../../ui/field-label.tsx";
import { PairsEditor } from "../../ui/pairs-editor.tsx";
import type { CredentialForm } from "./credential-form.ts";

interface AdvancedFieldsProps {
  form: CredentialForm;
  stored: Credential | undefined;
  privateEndpointsAllowed: boolean;
}

export function AdvancedFields({ form, stored, privateEndpointsAllowed }: AdvancedFieldsProps) {
  const tags = form.getInputProps("tags");
  const [opened, setOpened] = useState<string[]>([]);
  return (
    <Accordion
      variant="separated"
      multiple
      chevronSize={14}
      // A problem must not hide in a closed section.
      value={[...new Set([...opened, ...sectionsOf(Object.keys(form.errors))])]}
      onChange={setOpened}
    >
      <Accordion.Item value="endpoints">
        <Accordion.Control>Endpoints and signing</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="sm">
            <EndpointsEditor form={form} privateEndpointsAllowed={privateEndpointsAllowed} />
            <TextInput
              label="Service name"
              description="Service in the signature's scope: monitoring for CloudWatch."
              {...form.getInputProps("serviceName")}
            />
            <Switch
              label="FIPS endpoints"
              description="Validated cryptography; not in every region."
              {...form.getInputProps("useFipsEndpoint", { type: "checkbox" })}
            />
            <Switch
              label="Dual-stack endpoints"
              description="Reach AWS over IPv6 as well as IPv4."
              {...form.getInputProps("useDualstackEndpoint", { type: "checkbox" })}
            />
            <Switch
              label="Also send x-amz-access-token"
              description="Some gateways read the session token from this header. Sent beside the standard one, to custom endpoints only."
              checked={form.values.sessionTokenHeader === "with-x-amz-access-token"}
              onChange={(event) =>
                form.setFieldValue(
                  "sessionTokenHeader",
                  event.currentTarget.checked ? "with-x-amz-access-token" : "standard",
                )
              }
            />
            <Switch
              label="Emulator compatibility"
              description="Speak the older query protocol to CloudWatch, for emulators that do not know CBOR."
              {...form.getInputProps("emulatorCompatible", { type: "checkbox" })}
            />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="network">
        <Accordion.Control>Proxy and certificates</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="sm">
            <ProxyFields form={form} hasPassword={stored?.proxy.hasPassword ?? false} />
            <Textarea
              label="CA bundle"
              description="PEM certificates that are trusted in addition, for a proxy that inspects TLS."
              placeholder="-----BEGIN CERTIFICATE-----"
              autosize
              minRows={2}
              maxRows={8}
              spellCheck={false}
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
              {...form.getInputProps("caBundle")}
            />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
      <Accordion.Item value="tags">
        <Accordion.Control>Tags</Accordion.Control>
        <Accordion.Panel>
          <PairsEditor
            label="Tags"
            description="For finding and grouping; not sent to AWS."
            value={tags.value}
            onChange={tags.onChange}
            addLabel="Add tag"
            error={tags.error}
          />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

const sections: Record<string, string> = {
  endpoints: "endpoints",
  serviceName: "endpoints",
  proxy: "network",
  caBundle: "network",
  tags: "tags",
};

function sectionsOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) => sections[path.split(".")[0] ?? ""] ?? []);
}

const endpointTitles: Record<string, string> = { default: "default (all but sts)" };

function EndpointsEditor({
  form,
  privateEndpointsAllowed,
}: Pick<AdvancedFieldsProps, "form" | "privateEndpointsAllowed">) {
  const { endpoints } = form.values;
  const used = new Set(endpoints.map((endpoint) => endpoint.service));
  const free = endpointServices.find((service) => !used.has(service));
  return (
    <Stack gap={6} role="group" aria-label="Custom endpoints">
      <FieldLabel description="For VPC endpoints, gateways and emulators. Without one, the AWS SDK picks the endpoint of the region.">
        Custom endpoints
      </FieldLabel>
      {endpoints.map((endpoint, index) => (
        <Group key={endpoint.service} gap={6} wrap="nowrap" align="flex-start">
          <Select
            aria-label={`Service of endpoint ${index + 1}`}
            w={200}
            allowDeselect={false}
            data={endpointServices
              .filter((service) => service === endpoint.service || !used.has(service))
              .map((service) => ({ value: service, label: endpointTitles[service] ?? service }))}
            {...form.getInputProps(`endpoints.${index}.service`)}
          />
          <TextInput
            aria-label={`URL of endpoint ${index + 1}`}
            placeholder="https://vpce-…"
            style={{ flex: 1 }}
            {...form.getInputProps(`endpoints.${index}.url`)}
            error={form.errors[`endpoints.${endpoint.service}`]}
          />
          <ActionIcon
            mt={4}
            variant="subtle"
            color="gray"
            aria-label={`Remove endpoint of ${endpoint.service}`}
            onClick={() => form.removeListItem("endpoints", index)}
          >
            <IconX size={15} />
          </ActionIcon>
        </Group>
      ))}
      {free !== undefined && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          onClick={() => form.insertListItem("endpoints", { service: free, url: "" })}
          style={{ alignSelf: "flex-start" }}
        >
          Add endpoint
        </Button>
      )}
      {endpoints.length > 0 && !privateEndpointsAllowed && (
        <Alert color="gray" variant="light">
          <Text size="xs">
            Private and loopback addresses are refused on this server (NEPHO_ALLOW_PRIVATE_ENDPOINTS).
          </Text>
        </Alert>
      )}
    </Stack>
  );
}

function ProxyFields({ form, hasPassword }: { form: CredentialForm; hasPassword: boolean }) {
  return (
    <Stack gap="sm">
      <Stack gap={4}>
        <FieldLabel>HTTP proxy</FieldLabel>
        <SegmentedControl
          size="xs"
          aria-label="HTTP proxy"
          data={[
            { value: "none", label: "None" },
            { value: "environment", label: "Server's environment" },
            { value: "url", label: "This one" },
          ]}
          {...form.getInputProps("proxy.type")}
        />
      </Stack>
      {form.values.proxy.type === "url" && (
        <>
          <TextInput
            label="Proxy address"
            placeholder="http://proxy.example.com:3128"
            required
            {...form.getInputProps("proxy.url")}
          />
          <Group grow align="flex-start" gap="sm">
            <TextInput label="User" autoComplete="off" {...form.getInputProps("proxy.username")} />
            <PasswordInput
              label="Password"
              autoComplete="new-password"
              placeholder={hasPassword ? "configured – type to replace" : ""}
              disabled={form.values.proxy.removePassword}
              {...form.getInputProps("proxy.password")}
            />
          </Group>
          {hasPassword && (
            <Checkbox
              label="Remove the stored proxy password"
              {...form.getInputProps("proxy.removePassword", { type: "checkbox" })}
            />
          )}
        </>
      )}
    </Stack>
  );
}
