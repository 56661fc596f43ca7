import { type UseFormReturnType, useForm } from "@mantine/form";
import { type Credential, credentialInput, credentialUpdate } from "@nephoscope/contract";
import { errorsOfIssues } from "../../ui/form-problems.ts";
import {
  type CredentialFormValues,
  inputOfValues,
  missingFields,
  newCredentialValues,
  updateOfValues,
  valuesOfCredential,
} from "./form-values.ts";

export type CredentialForm = UseFormReturnType<CredentialFormValues>;

/** The form's state, checked with the very schema that the server checks with. */
export function useCredentialForm(
  stored: Credential | undefined,
  firstMethod: CredentialFormValues["method"],
): CredentialForm {
  return useForm<CredentialFormValues>({
    initialValues: stored === undefined ? newCredentialValues(firstMethod) : valuesOfCredential(stored),
    validate: (values) => ({
      ...errorsOfIssues(
        stored === undefined
          ? credentialInput.safeParse(inputOfValues(values)).error?.issues
          : credentialUpdate.safeParse(updateOfValues(values, stored.version)).error?.issues,
      ),
      ...missingFields(values, stored),
    }),
  });
}
