import { Alert, Button, Divider, Group, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import type { Credential, CredentialOptions } from "@nephoscope/contract";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { createCredential, generateRoleSetup, updateCredential } from "../../api/credentials.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { focusFirstProblem, useFocusOnMount } from "../../ui/focus.ts";
import { errorsOfRefusal } from "../../ui/form-problems.ts";
import { notifySuccess } from "../../ui/notify.ts";
import { RoleSetupPanel } from "../../ui/role-setup-panel.tsx";
import { AdvancedFields } from "./advanced-fields.tsx";
import { ConnectionTestPanel, useConnectionTest } from "./connection-test-panel.tsx";
import classes from "./credential-form.module.css";
import { useCredentialForm } from "./credential-form.ts";
import { inputOfValues, updateOfValues } from "./form-values.ts";
import { MethodFields, MethodPicker } from "./method-fields.tsx";
import { RoleChainEditor } from "./role-chain-editor.tsx";

interface CredentialFormBodyProps {
  options: CredentialOptions;
  stored: Credential | undefined;
  onClose: () => void;
  onSaved: (credential: Credential) => void;
}

export function CredentialFormBody({ options, stored, onClose, onSaved }: CredentialFormBodyProps) {
  const queryClient = useQueryClient();
  const firstField = useFocusOnMount();
  const element = useRef<HTMLFormElement>(null);
  const allowed = options.methods.filter((method) => method.allowed).map((method) => method.method);
  const form = useCredentialForm(stored, allowed.includes("keys") ? "keys" : (allowed[0] ?? "keys"));
  const test = useConnectionTest(() =>
    stored === undefined
      ? inputOfValues(form.values)
      : { id: stored.id, ...updateOfValues(form.values, stored.version) },
  );
  const [roleInSetup, setRoleInSetup] = useState<number | null>(null);
  const saving = useMutation({
    mutationFn: () =>
      stored === undefined
        ? createCredential(inputOfValues(form.values))
        : updateCredential(stored.id, updateOfValues(form.values, stored.version)),
    onSuccess: async (credential) => {
      await queryClient.invalidateQueries({ queryKey: ["credentials"] });
      notifySuccess(stored === undefined ? `${credential.name} is added.` : `${credential.name} is saved.`);
      onSaved(credential);
    },
    onError: (error) => {
      form.setErrors(errorsOfRefusal(error));
      focusFirstProblem(element.current);
    },
  });
  const testValues = () => {
    if (form.validate().hasErrors) focusFirstProblem(element.current);
    else test.run();
  };
  const hop = roleInSetup === null ? undefined : form.values.roleChain[roleInSetup];
  return (
    <form
      ref={element}
      onSubmit={form.onSubmit(
        () => saving.mutate(),
        () => focusFirstProblem(element.current),
      )}
      noValidate
    >
      <Stack gap="md" pb="md">
        <TextInput
          label="Name"
          placeholder="Production account, read-only"
          required
          ref={firstField}
          {...form.getInputProps("name")}
        />
        <Textarea
          label="Description"
          description="What it is for and who owns it."
          autosize
          minRows={1}
          maxRows={5}
          {...form.getInputProps("description")}
        />
        <MethodPicker form={form} options={options} />
        <MethodFields form={form} options={options} stored={stored} />
        <RegionField form={form} regions={options.regions} />
        <RoleChainEditor form={form} assumeRoleEnabled={options.assumeRoleEnabled} onSetUp={setRoleInSetup} />
        <AdvancedFields
          form={form}
          stored={stored}
          privateEndpointsAllowed={options.privateEndpointsAllowed}
        />
        <Divider />
        <ConnectionTestPanel test={test} hasRoles={form.values.roleChain.length > 0} onRun={testValues} />
      </Stack>
      <div className={classes.footer}>
        {saving.isError && (
          <SavingProblem
            error={saving.error}
            onReload={() => {
              saving.reset();
              void queryClient.invalidateQueries({ queryKey: ["credentials"] });
            }}
          />
        )}
        <Group justify="space-between" gap="xs">
          <Button variant="light" onClick={testValues} loading={test.isPending}>
            Test connection
          </Button>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {stored === undefined ? "Add credential" : "Save"}
            </Button>
          </Group>
        </Group>
      </div>
      <Modal opened={hop !== undefined} onClose={() => setRoleInSetup(null)} title="Set up a role" size={760}>
        {hop !== undefined && (
          <RoleSetupPanel
            features={options.features}
            generate={generateRoleSetup}
            region={form.values.region}
            principalArn={principalOf(roleInSetup ?? 0, form.values.roleChain, test.baseArn, stored)}
            baseCredentialId={stored?.id}
            externalId={hop.externalId}
            onExternalId={(externalId) => {
              if (hop.externalId === "")
                form.setFieldValue(`roleChain.${roleInSetup}.externalId`, externalId);
            }}
          />
        )}
      </Modal>
    </form>
  );
}

/** The first role is assumed by the base identity, each further one by the role before it. */
function principalOf(
  index: number,
  chain: readonly { roleArn: string }[],
  testedArn: string | undefined,
  stored: Credential | undefined,
): string | undefined {
  if (index > 0) return chain[index - 1]?.roleArn;
  return testedArn ?? (stored?.roleChain.length === 0 ? stored.identity?.arn : undefined);
}

function RegionField({
  form,
  regions,
}: {
  form: ReturnType<typeof useCredentialForm>;
  regions: CredentialOptions["regions"];
}) {
  const [typed, setTyped] = useState("");
  const data = useMemo(() => {
    const known = regions.map((region) => ({
      value: region.id,
      label: `${region.id} · ${region.name}${region.optIn ? " (opt-in)" : ""}`,
    }));
    const ids = new Set(regions.map((region) => region.id));
    // A region that is newer than this list can be typed; its shape is checked on saving.
    return [form.values.region, typed.trim()]
      .filter((id, position, all) => id !== "" && !ids.has(id) && all.indexOf(id) === position)
      .filter((id) => /^[a-z]+(-[a-z]+)+-\d+$/.test(id))
      .map((id) => ({ value: id, label: `${id} (not in the list)` }))
      .concat(known);
  }, [regions, typed, form.values.region]);
  return (
    <Select
      label="Region"
      description="Where STS is asked, and where data is collected unless an integration says otherwise."
      data={data}
      searchable
      allowDeselect={false}
      required
      onSearchChange={setTyped}
      maxDropdownHeight={280}
      {...form.getInputProps("region")}
    />
  );
}

function SavingProblem({ error, onReload }: { error: unknown; onReload: () => void }) {
  if (error instanceof ApiError && error.code === "version_conflict") {
    return (
      <Alert
        color="yellow"
        variant="light"
        mb="sm"
        title="Somebody else changed this credential"
        role="alert"
      >
        <Group justify="space-between" gap="xs">
          <span>Load the current values, then make your change again.</span>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            onClick={onReload}
          >
            Load current values
          </Button>
        </Group>
      </Alert>
    );
  }
  return (
    <div className={classes.problem}>
      <ErrorPanel error={error} title="Not saved" />
    </div>
  );
}
