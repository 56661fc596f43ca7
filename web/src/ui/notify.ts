import { notifications } from "@mantine/notifications";
import { ApiError } from "../api/client.ts";

export function notifySuccess(message: string): void {
  notifications.show({ message, color: "green", autoClose: 4000 });
}

/** A failure of something that has no place of its own on the page. */
export function notifyFailure(title: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const requestId = error instanceof ApiError ? error.requestId : null;
  notifications.show({
    title,
    message: requestId === null ? message : `${message} (request ${requestId})`,
    color: "red",
    autoClose: 12_000,
  });
}
