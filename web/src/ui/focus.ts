import { type RefObject, useEffect, useRef } from "react";

/** For the first field of a form that appears only after its overlay has taken the focus. */
export function useFocusOnMount(): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}
