import { useLocalStorage } from "@mantine/hooks";

/** Whether somebody reads times in UTC. Kept in the browser, for every page that offers the choice. */
export function useUtc() {
  return useLocalStorage({ key: "nepho-logs-utc", defaultValue: false, getInitialValueInEffect: false });
}
