import { Button, Group, Modal, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { passwordChange } from "@nephoscope/contract";
import { useMutation } from "@tanstack/react-query";
import { changePassword } from "../../api/session.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { errorsOfIssues, errorsOfRefusal } from "../../ui/form-problems.ts";
import { notifySuccess } from "../../ui/notify.ts";

export function ChangePasswordModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const form = useForm({
    initialValues: { currentPassword: "", newPassword: "", repeated: "" },
    validate: (values) => ({
      ...errorsOfIssues(passwordChange.safeParse(values).error?.issues),
      ...(values.repeated === values.newPassword ? {} : { repeated: "Differs from the new password." }),
    }),
  });
  const close = () => {
    form.reset();
    change.reset();
    onClose();
  };
  const change = useMutation({
    mutationFn: (values: { currentPassword: string; newPassword: string }) =>
      changePassword(values.currentPassword, values.newPassword),
    onSuccess: () => {
      notifySuccess("Your password is changed.");
      close();
    },
    onError: (error) => form.setErrors(errorsOfRefusal(error)),
  });
  return (
    <Modal opened={opened} onClose={close} title="Change password" centered>
      <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack gap="sm">
          {change.isError && <ErrorPanel error={change.error} hideFields />}
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            data-autofocus
            {...form.getInputProps("currentPassword")}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters."
            autoComplete="new-password"
            {...form.getInputProps("newPassword")}
          />
          <PasswordInput
            label="New password, again"
            autoComplete="new-password"
            {...form.getInputProps("repeated")}
          />
          <Group justify="flex-end" gap="xs" mt={4}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
