import type { UseFormReturnType } from "@mantine/form";
import type { CloudIntegration } from "@nephoscope/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createIntegration, updateIntegration } from "../../api/integrations.ts";
import { errorsOfRefusal } from "../../ui/form-problems.ts";
import { notifySuccess } from "../../ui/notify.ts";
import { formErrorsOf, type IntegrationFormValues, inputOfValues } from "./form-values.ts";

interface SaveOptions {
  form: UseFormReturnType<IntegrationFormValues>;
  /** What is changed; without it an integration is added. */
  stored: CloudIntegration | undefined;
  onSaved: (integration: CloudIntegration) => void;
  /** Told the form's errors, which stand at their fields by then. */
  onRefused: (errors: Record<string, string>) => void;
}

/** Adds or changes an integration; what the server refuses lands on the form's fields. */
export function useSaveIntegration({ form, stored, onSaved, onRefused }: SaveOptions) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => {
      const input = inputOfValues(form.values, stored);
      return stored === undefined ? createIntegration(input) : updateIntegration(stored.id, input);
    },
    onSuccess: async (integration) => {
      await queryClient.invalidateQueries({ queryKey: ["integrations"] });
      void queryClient.invalidateQueries({ queryKey: ["overview"] });
      void queryClient.invalidateQueries({ queryKey: ["spending"] });
      notifySuccess(
        stored === undefined
          ? `${integration.name} is added; its first run starts now.`
          : `${integration.name} is saved.`,
      );
      onSaved(integration);
    },
    onError: (error) => {
      const errors = formErrorsOf(errorsOfRefusal(error));
      form.setErrors(errors);
      onRefused(errors);
    },
  });
}
