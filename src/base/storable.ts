/** Whether both stores take a text as it is: PostgreSQL refuses NUL, and half a surrogate pair is no UTF-8. */
export function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
