import { useMutation, useQueryClient } from "@tanstack/react-query";
import { actOnIntegration, type IntegrationAction, runIntegration } from "../../api/integrations.ts";
import { notifyFailure, notifySuccess } from "../../ui/notify.ts";

const done: Record<IntegrationAction | "run", string> = {
  enable: "is enabled.",
  disable: "is disabled.",
  undelete: "is restored.",
  run: "runs now.",
};

/** Enables, disables, restores or runs one integration, and says how it went. */
export function useIntegrationAction(integration: { id: string; name: string }) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (action: IntegrationAction | "run"): Promise<unknown> =>
      action === "run" ? runIntegration(integration.id) : actOnIntegration(integration.id, action),
    onSuccess: (_answer, action) => notifySuccess(`${integration.name} ${done[action]}`),
    onError: (error, action) => notifyFailure(`Could not ${action} ${integration.name}`, error),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["integrations"] }),
        queryClient.invalidateQueries({ queryKey: ["overview"] }),
      ]),
  });
}
