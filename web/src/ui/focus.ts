import { type RefObject, useEffect, useRef } from "react";

/** For the first field of a form that appears only after its overlay has taken the focus. */
export function useFocusOnMount(): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return field;
}

/** Brings the first field with a problem into view and into focus, once it has been drawn as such. */
export function focusFirstProblem(form: HTMLElement | null): void {
  setTimeout(() => {
    const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
    field?.focus({ preventScroll: true });
    field?.scrollIntoView({ block: "center" });
  }, 80);
}

/**
 * For an overlay that does not bring the focus back itself, because the item of a menu that opened it is gone or because it was
 * made anew: once it has let the focus go, the focus returns to what opened it.
 */
export function focusAgain(opener: HTMLElement | null | undefined): void {
  setTimeout(() => opener?.focus({ preventScroll: true }), 80);
}
