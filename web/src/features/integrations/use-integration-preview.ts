import { useDebouncedValue } from "@mantine/hooks";
import type { CloudIntegration, IntegrationPreview, IntegrationPreviewInput } from "@nephoscope/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { integrationPreviewQuery } from "../../api/integrations.ts";
import { type IntegrationFormValues, inputOfValues, problemsOfValues } from "./form-values.ts";

/** Typing is over when nothing was typed for so long; AWS is asked then. */
const pauseMillis = 700;

/**
 * What the form's values would match and cost. Every pause in typing asks anew, and the question before it is given
 * up, unless the answer at hand knows already: it has the prices of common intervals.
 */
export function useIntegrationPreview(
  values: IntegrationFormValues,
  stored: CloudIntegration | undefined,
  wanted: boolean,
) {
  const queryClient = useQueryClient();
  const last = useRef<IntegrationPreview>(undefined);
  const minutes = Number(values.refreshMinutes);
  const known = last.current?.whatIf.some((row) => row.intervalMinutes === minutes);
  const question = questionOf(values, stored, known ? last.current?.intervalMinutes : minutes);
  const [asked] = useDebouncedValue(JSON.stringify(question), pauseMillis);
  const possible = problemOf(values) === undefined;
  const options = integrationPreviewQuery(JSON.parse(asked) as IntegrationPreviewInput);
  const preview = useQuery({ ...options, enabled: wanted && possible });
  last.current = preview.data;
  const row = preview.data?.whatIf.find(({ intervalMinutes }) => intervalMinutes === minutes);
  return {
    preview,
    /** Why AWS cannot be asked yet. */
    problem: problemOf(values),
    /** What a month costs at the form's interval. */
    usdPerMonth: row?.usdPerMonth ?? preview.data?.usdPerMonth,
    stop: () => queryClient.cancelQueries({ queryKey: options.queryKey }),
  };
}

/** The settings, without what does not matter to what matches and costs. */
function questionOf(
  values: IntegrationFormValues,
  stored: CloudIntegration | undefined,
  minutes: number | undefined,
): IntegrationPreviewInput {
  const { name, additionalTags, forceSave, ...input } = inputOfValues(values, stored);
  const { monthlyCapUsd, ...cloudWatch } = input.cloudWatch ?? {};
  return {
    ...input,
    cloudWatch,
    serviceRefreshRateInMins: minutes,
    ...(stored === undefined ? {} : { id: stored.id }),
  };
}

function problemOf(values: IntegrationFormValues): string | undefined {
  const problems = problemsOfValues(values);
  return problems.credentialId ?? problems.roleArn ?? problems.refreshMinutes;
}
