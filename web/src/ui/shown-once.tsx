import { Alert, Stack } from "@mantine/core";
import { useEffect, useRef } from "react";
import { CodeBlock } from "./code-block.tsx";

interface ShownOnceProps {
  value: string;
  /** Completes “Copy …”. */
  what: string;
  /** Why now. */
  note: string;
}

/** A secret that nobody can show again. The focus goes to its copying, for the form that had it is gone. */
export function ShownOnce({ value, what, note }: ShownOnceProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), []);
  return (
    <Stack gap="sm" ref={box}>
      <Alert color="yellow" variant="light" role="status">
        {note}
      </Alert>
      <CodeBlock text={value} what={what} wrap />
    </Stack>
  );
}
