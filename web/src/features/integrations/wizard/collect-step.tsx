import { Card } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { CollectionFields } from "../collection-fields.tsx";
import type { IntegrationFormValues } from "../form-values.ts";
import { LivePreview } from "../live-preview.tsx";
import classes from "./wizard.module.css";

/** The settings, and beside them (below, where it is narrow) what they match and cost. */
export function CollectStep({ form }: { form: UseFormReturnType<IntegrationFormValues> }) {
  return (
    <div className={classes.columns}>
      <Card withBorder>
        <CollectionFields form={form} />
      </Card>
      <div className={classes.beside}>
        <LivePreview
          values={form.values}
          stored={undefined}
          onInterval={(minutes) => form.setFieldValue("refreshMinutes", minutes)}
          atOnce
        />
      </div>
    </div>
  );
}
