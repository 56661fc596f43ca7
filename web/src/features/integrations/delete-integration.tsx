import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteIntegration } from "../../api/integrations.ts";
import { ConfirmModal } from "../../ui/confirm-modal.tsx";
import { notifySuccess } from "../../ui/notify.ts";

/** Which integration to delete, and whether it goes past the trash. */
export interface Removal {
  id: string;
  name: string;
  forever: boolean;
}

interface DeleteIntegrationProps {
  removal: Removal | null;
  onClose: () => void;
  onDeleted: () => void;
}

export function DeleteIntegration({ removal, onClose, onDeleted }: DeleteIntegrationProps) {
  const queryClient = useQueryClient();
  const deletion = useMutation({
    mutationFn: (what: Removal) => deleteIntegration(what.id, what.forever),
    onSuccess: (_answer, what) => {
      notifySuccess(what.forever ? `${what.name} is deleted.` : `${what.name} is in the trash.`);
      onDeleted();
      void queryClient.invalidateQueries({ queryKey: ["integrations"] });
      void queryClient.invalidateQueries({ queryKey: ["overview"] });
      void queryClient.invalidateQueries({ queryKey: ["credentials"] });
    },
  });
  return (
    <ConfirmModal
      opened={removal !== null}
      title={removal?.forever ? "Delete forever" : "Move to the trash"}
      confirmLabel={removal?.forever ? "Delete forever" : "Move to the trash"}
      busy={deletion.isPending}
      error={deletion.error}
      onConfirm={() => removal !== null && deletion.mutate(removal)}
      onClose={() => {
        deletion.reset();
        onClose();
      }}
    >
      {removal?.forever ? (
        <>
          <b>{removal.name}</b> cannot be restored after this. Metrics that it collected stay.
        </>
      ) : (
        <>
          <b>{removal?.name}</b> stops collecting. It can be restored from the trash; its metrics stay.
        </>
      )}
    </ConfirmModal>
  );
}
