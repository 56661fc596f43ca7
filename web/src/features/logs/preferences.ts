import { useLocalStorage } from "@mantine/hooks";
import { useUtc } from "../../ui/use-utc.ts";

/** How somebody likes to read logs. Kept in the browser: a link carries the question, and not its reader's habits. */
export function useReadingHabits() {
  const [utc, setUtc] = useUtc();
  const [wrap, setWrap] = useLocalStorage({
    key: "nepho-logs-wrap",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  return { utc, setUtc, wrap, setWrap };
}
