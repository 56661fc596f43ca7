import { Checkbox, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { RefObject } from "react";
import { PairsEditor } from "../../ui/pairs-editor.tsx";
import type { IntegrationFormValues } from "./form-values.ts";

interface FieldsProps {
  form: UseFormReturnType<IntegrationFormValues>;
}

export function NameField({ form, field }: FieldsProps & { field?: RefObject<HTMLInputElement | null> }) {
  return (
    <TextInput
      label="Name"
      placeholder="Production metrics"
      required
      {...(field === undefined ? {} : { ref: field })}
      {...form.getInputProps("name")}
    />
  );
}

/** What goes along with every point, and whether AWS has to agree before saving. */
export function TagsAndForceFields({ form }: FieldsProps) {
  const tags = form.getInputProps("tags");
  return (
    <>
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
    </>
  );
}
