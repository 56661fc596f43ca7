import { Button, Checkbox, Divider, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { CloudIntegration, Credential } from "@nephoscope/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { createIntegration, updateIntegration } from "../../api/integrations.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { focusFirstProblem, useFocusOnMount } from "../../ui/focus.ts";
import { errorsOfRefusal } from "../../ui/form-problems.ts";
import { notifySuccess } from "../../ui/notify.ts";
import { PairsEditor } from "../../ui/pairs-editor.tsx";
import { CollectionFields } from "./collection-fields.tsx";
import {
  formErrorsOf,
  type IntegrationFormValues,
  inputOfValues,
  newIntegrationValues,
  problemsOfValues,
  valuesOfIntegration,
} from "./form-values.ts";
import { IdentityFields } from "./identity-fields.tsx";
import classes from "./integration-form.module.css";
import { PricePreview } from "./price-preview.tsx";

interface IntegrationFormBodyProps {
  stored: CloudIntegration | undefined;
  credentialId?: string | undefined;
  credentials: Credential[];
  onClose: () => void;
  onSaved: (integration: CloudIntegration) => void;
}

export function IntegrationFormBody(props: IntegrationFormBodyProps) {
  const { stored, credentials, onClose, onSaved } = props;
  const queryClient = useQueryClient();
  const firstField = useFocusOnMount();
  const element = useRef<HTMLFormElement>(null);
  const onlyCredential = credentials.length === 1 ? credentials[0]?.id : undefined;
  const form = useForm<IntegrationFormValues>({
    initialValues:
      stored === undefined
        ? newIntegrationValues(props.credentialId ?? onlyCredential ?? null)
        : valuesOfIntegration(stored),
    validate: problemsOfValues,
  });
  const saving = useMutation({
    mutationFn: () => {
      const input = inputOfValues(form.values, stored);
      return stored === undefined ? createIntegration(input) : updateIntegration(stored.id, input);
    },
    onSuccess: async (integration) => {
      await queryClient.invalidateQueries({ queryKey: ["integrations"] });
      void queryClient.invalidateQueries({ queryKey: ["overview"] });
      notifySuccess(
        stored === undefined
          ? `${integration.name} is added; its first run starts now.`
          : `${integration.name} is saved.`,
      );
      onSaved(integration);
    },
    onError: (error) => {
      form.setErrors(formErrorsOf(errorsOfRefusal(error)));
      focusFirstProblem(element.current);
    },
  });
  const tags = form.getInputProps("tags");
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
          placeholder="Production metrics"
          required
          ref={firstField}
          {...form.getInputProps("name")}
        />
        <IdentityFields form={form} credentials={credentials} />
        <Divider />
        <CollectionFields form={form} />
        <PricePreview form={form} stored={stored} />
        <Divider />
        <PairsEditor
          label="Tags"
          description="Added to every point that is collected."
          value={tags.value}
          onChange={tags.onChange}
          addLabel="Add tag"
          error={tags.error}
        />
        <Checkbox
          label="Save even if AWS refuses"
          description="The credential is tried before saving. Tick this when the role does not exist yet."
          {...form.getInputProps("forceSave", { type: "checkbox" })}
        />
      </Stack>
      <div className={classes.footer}>
        {saving.isError && (
          <div className={classes.problem}>
            <ErrorPanel
              error={saving.error}
              title="Not saved"
              hideFields={Object.keys(form.errors).length > 0}
            />
          </div>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {stored === undefined ? "Add integration" : "Save"}
          </Button>
        </Group>
      </div>
    </form>
  );
}
