import type { IntegrationFormValues } from "../form-values.ts";

export const stepIds = ["service", "credential", "collect", "review"] as const;
export type StepId = (typeof stepIds)[number];

export const stepTitles: Record<StepId, string> = {
  service: "Service",
  credential: "Credential",
  collect: "What to collect",
  review: "Name and review",
};

const fieldsOfSteps: Record<StepId, readonly (keyof IntegrationFormValues)[]> = {
  service: [],
  credential: ["identity", "credentialId", "roleArn", "externalId"],
  collect: [
    "regions",
    "namespaces",
    "metricFilterRegex",
    "pointTagFilterRegex",
    "s3BucketNameFilterRegex",
    "instanceSelectionTags",
    "instanceSelectionTagsExpr",
    "volumeSelectionTags",
    "volumeSelectionTagsExpr",
    "statistics",
    "periodSeconds",
    "refreshMinutes",
    "monthlyCapUsd",
    "accounts",
    "organization",
    "includeLinkedAccounts",
    "owningAccounts",
  ],
  review: ["name", "tags", "forceSave"],
};

/** Those of the problems that a step's own fields have. */
export function problemsOfStep(step: StepId, problems: Record<string, string>): Record<string, string> {
  const fields: readonly string[] = fieldsOfSteps[step];
  return Object.fromEntries(Object.entries(problems).filter(([field]) => fields.includes(field)));
}

/** The first step with a problem; the last one when there is none. Steps beyond it are not open yet. */
export function furthestStep(problems: Record<string, string>): StepId {
  return stepIds.find((step) => Object.keys(problemsOfStep(step, problems)).length > 0) ?? "review";
}

export const indexOfStep = (step: StepId) => stepIds.indexOf(step);
