import { Modal } from "@mantine/core";
import type { ApiKey } from "@nephoscope/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteKey, resetKey } from "../../api/keys.ts";
import { ConfirmModal } from "../../ui/confirm-modal.tsx";
import { notifySuccess } from "../../ui/notify.ts";
import { KeySecret } from "./key-secret.tsx";

interface ChangeKeyProps {
  /** Null while nothing is asked. */
  apiKey: ApiKey | null;
  onClose: () => void;
}

/** Gives a key a new value, and shows it this once. */
export function ResetKey({ apiKey, onClose }: ChangeKeyProps) {
  const queryClient = useQueryClient();
  const reset = useMutation({
    mutationFn: (id: string) => resetKey(id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["keys"] }),
  });
  const close = () => {
    reset.reset();
    onClose();
  };
  if (reset.data !== undefined) {
    return (
      <Modal
        opened
        onClose={close}
        title="The key has a new value"
        closeOnClickOutside={false}
        closeOnEscape={false}
        centered
        size="lg"
      >
        <KeySecret created={reset.data} onDone={close} />
      </Modal>
    );
  }
  return (
    <ConfirmModal
      opened={apiKey !== null}
      title="Reset API key"
      confirmLabel="Reset"
      busy={reset.isPending}
      error={reset.error}
      onConfirm={() => apiKey !== null && reset.mutate(apiKey.id)}
      onClose={close}
    >
      Key <b>{apiKey?.id}</b> of {apiKey?.userName} gets a new value. Senders with the old one are refused
      within a second; its expiry stays.
    </ConfirmModal>
  );
}

export function DeleteKey({ apiKey, onClose }: ChangeKeyProps) {
  const queryClient = useQueryClient();
  const removal = useMutation({
    mutationFn: (id: string) => deleteKey(id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["keys"] });
      notifySuccess("The key is deleted.");
      onClose();
    },
  });
  return (
    <ConfirmModal
      opened={apiKey !== null}
      title="Delete API key"
      confirmLabel="Delete"
      busy={removal.isPending}
      error={removal.error}
      onConfirm={() => apiKey !== null && removal.mutate(apiKey.id)}
      onClose={() => {
        removal.reset();
        onClose();
      }}
    >
      Key <b>{apiKey?.id}</b> of {apiKey?.userName} is gone for good, and senders that show it are refused
      within a second. To try what that does first, deactivate it.
    </ConfirmModal>
  );
}
