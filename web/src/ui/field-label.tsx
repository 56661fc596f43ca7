import { Input } from "@mantine/core";
import type { ReactNode } from "react";

/** The label of a group of controls, looking like the label of one. */
export function FieldLabel({ children, description }: { children: ReactNode; description?: ReactNode }) {
  return (
    <div>
      <Input.Label labelElement="div">{children}</Input.Label>
      {description !== undefined && <Input.Description>{description}</Input.Description>}
    </div>
  );
}
