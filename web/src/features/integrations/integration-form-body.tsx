import { Button, Divider, Group, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { CloudIntegration, Credential } from "@nephoscope/contract";
import { useRef } from "react";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { focusFirstProblem, useFocusOnMount } from "../../ui/focus.ts";
import { CollectionFields } from "./collection-fields.tsx";
import { type IntegrationFormValues, problemsOfValues, valuesOfIntegration } from "./form-values.ts";
import { IdentityFields } from "./identity-fields.tsx";
import classes from "./integration-form.module.css";
import { LivePreview } from "./live-preview.tsx";
import { NameField, TagsAndForceFields } from "./name-fields.tsx";
import { useSaveIntegration } from "./use-save-integration.ts";

interface IntegrationFormBodyProps {
  stored: CloudIntegration;
  credentials: Credential[];
  /** Opens the form of a new credential and tells the one that was made. */
  onAddCredential: (choose: (id: string) => void) => void;
  onClose: () => void;
  onSaved: (integration: CloudIntegration) => void;
}

export function IntegrationFormBody(props: IntegrationFormBodyProps) {
  const { stored, credentials, onAddCredential, onClose, onSaved } = props;
  const firstField = useFocusOnMount();
  const element = useRef<HTMLFormElement>(null);
  const form = useForm<IntegrationFormValues>({
    initialValues: valuesOfIntegration(stored),
    validate: problemsOfValues,
  });
  const saving = useSaveIntegration({
    form,
    stored,
    onSaved,
    onRefused: () => focusFirstProblem(element.current),
  });
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
        <NameField form={form} field={firstField} />
        <IdentityFields
          form={form}
          credentials={credentials}
          onAddCredential={() => onAddCredential((id) => form.setFieldValue("credentialId", id))}
        />
        <Divider />
        <CollectionFields form={form} />
        <LivePreview
          values={form.values}
          stored={stored}
          onInterval={(minutes) => form.setFieldValue("refreshMinutes", minutes)}
          atOnce={false}
        />
        <Divider />
        <TagsAndForceFields form={form} />
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
            Save
          </Button>
        </Group>
      </div>
    </form>
  );
}
