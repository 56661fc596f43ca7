import type { OutputsInput } from "@nephoscope/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { outputsQuery, updateOutputs } from "../../api/outputs.ts";

/** Changes where an integration's metrics go; the answer is shown at once. */
export function useUpdateOutputs(integrationId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (input: OutputsInput) => updateOutputs(integrationId, input),
    onSuccess: (answer) => queryClient.setQueryData(outputsQuery(integrationId).queryKey, answer),
  });
}
