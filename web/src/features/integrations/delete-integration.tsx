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
      // Its own page may still be mounted while the console leads away from it; asking for what is
      // gone would only be a 404. It is stale all the same, for when it comes back from the trash.
      const isOfRemoved = (query: { queryKey: readonly unknown[] }) => query.queryKey[2] === what.id;
      void queryClient.invalidateQueries({
        queryKey: ["integrations"],
        predicate: isOfRemoved,
        refetchType: "none",
      });
      void queryClient.invalidateQueries({
        queryKey: ["integrations"],
        predicate: (query) => !isOfRemoved(query),
      });
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
