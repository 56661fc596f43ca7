/** What the address of the list of API keys says. */
export interface KeysSearch {
  /** Only this user's keys. */
  user?: string;
  page?: number;
}

/** Reads an address that people may have edited: what does not fit is left out. */
export function keysSearchOf(search: Record<string, unknown>): KeysSearch {
  // A name of digits comes out of an address as a number.
  const user = typeof search.user === "number" ? String(search.user) : search.user;
  const page = Number(search.page);
  return {
    ...(typeof user === "string" && user !== "" ? { user } : {}),
    ...(Number.isInteger(page) && page > 1 ? { page } : {}),
  };
}
