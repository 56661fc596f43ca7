import {
  Alert,
  Button,
  Checkbox,
  Group,
  List,
  SimpleGrid,
  Stack,
  Tabs,
  Text,
  TextInput,
} from "@mantine/core";
import type { RoleFeature, RoleSetup, RoleSetupInput } from "@nephoscope/contract";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../api/client.ts";
import { CodeBlock } from "./code-block.tsx";
import { CopyableCode } from "./copy.tsx";
import { ErrorPanel } from "./error-panel.tsx";

interface RoleSetupPanelProps {
  features: readonly { id: string; title: string; help: string; actions: readonly string[] }[];
  generate: (input: RoleSetupInput) => Promise<RoleSetup>;
  region: string;
  /** Who assumes the role, as far as it is known. */
  principalArn?: string | undefined;
  /** The stored credential that assumes the role. */
  baseCredentialId?: string | undefined;
  externalId?: string | undefined;
  /** Told the external ID of the texts, so that the form presents the same one. */
  onExternalId?: (externalId: string) => void;
}

/** Ticked features become the texts that make a least-privilege role in somebody's account. */
export function RoleSetupPanel(props: RoleSetupPanelProps) {
  const [features, setFeatures] = useState<string[]>(["metrics", "tags"]);
  const [roleName, setRoleName] = useState("NephoscopeRead");
  const [principalArn, setPrincipalArn] = useState(props.principalArn ?? "");
  const [bucketName, setBucketName] = useState("");
  const setup = useMutation({
    mutationFn: () =>
      props.generate({
        features: features as RoleFeature[],
        region: props.region,
        roleName,
        ...(principalArn.trim() === "" ? {} : { principalArn: principalArn.trim() }),
        ...(props.baseCredentialId === undefined ? {} : { baseCredentialId: props.baseCredentialId }),
        ...(props.externalId ? { externalId: props.externalId } : {}),
        ...(bucketName.trim() === "" ? {} : { bucketName: bucketName.trim() }),
      }),
    onSuccess: (made) => props.onExternalId?.(made.externalId),
  });
  const problemOf = (path: string) =>
    setup.error instanceof ApiError
      ? setup.error.fields.find((field) => field.path === path)?.message
      : undefined;
  return (
    <Stack gap="md">
      <Checkbox.Group
        label="What the role is for"
        description="Only the actions that these features need are allowed."
        value={features}
        onChange={setFeatures}
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" mt="xs">
          {props.features.map((feature) => (
            <Checkbox key={feature.id} value={feature.id} label={feature.title} description={feature.help} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      <TextInput
        label="Who assumes the role"
        description={
          props.baseCredentialId === undefined
            ? "ARN of the base identity. A connection test shows it; it is filled in once known."
            : "Empty takes the identity of the base credential."
        }
        placeholder="arn:aws:iam::123456789012:user/nephoscope"
        value={principalArn}
        onChange={(event) => setPrincipalArn(event.currentTarget.value)}
        error={problemOf("principalArn")}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Role name"
          value={roleName}
          onChange={(event) => setRoleName(event.currentTarget.value)}
          error={problemOf("roleName")}
        />
        {features.includes("cloudtrail-s3") && (
          <TextInput
            label="Bucket of the trail"
            value={bucketName}
            onChange={(event) => setBucketName(event.currentTarget.value)}
            error={problemOf("bucketName")}
          />
        )}
      </Group>
      {setup.isError && <ErrorPanel error={setup.error} />}
      <Button
        onClick={() => setup.mutate()}
        loading={setup.isPending}
        disabled={features.length === 0}
        style={{ alignSelf: "flex-start" }}
      >
        {setup.data === undefined ? "Generate" : "Generate again"}
      </Button>
      {setup.data !== undefined && <RoleSetupTexts setup={setup.data} />}
    </Stack>
  );
}

const texts = [
  { key: "trustPolicy", title: "Trust policy", file: "trust-policy.json" },
  { key: "permissionsPolicy", title: "Permissions", file: "permissions.json" },
  { key: "cloudFormation", title: "CloudFormation", file: "nephoscope-role.yaml" },
  { key: "terraform", title: "Terraform", file: "nephoscope-role.tf" },
  { key: "awsCli", title: "AWS CLI", file: "nephoscope-role.sh" },
] as const;

function RoleSetupTexts({ setup }: { setup: RoleSetup }) {
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Text size="sm">External ID</Text>
        <CopyableCode value={setup.externalId} what="external ID" />
      </Group>
      <Tabs defaultValue="cloudFormation" keepMounted={false}>
        <Tabs.List style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}>
          {texts.map(({ key, title }) => (
            <Tabs.Tab key={key} value={key}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {texts.map(({ key, title, file }) => (
          <Tabs.Panel key={key} value={key} pt="xs">
            <CodeBlock text={setup[key]} what={title} fileName={file} />
          </Tabs.Panel>
        ))}
      </Tabs>
      {setup.notes.length > 0 && (
        <Alert color="blue" variant="light" title="Good to know">
          <List size="sm" spacing={4}>
            {setup.notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Stack>
  );
}
