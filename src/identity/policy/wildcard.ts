/** A text with wildcards, of which those at the positions in `literals` stand for themselves. */
export interface WildcardPattern {
  readonly text: string;
  readonly literals?: ReadonlySet<number> | undefined;
}

/**
 * Matches AWS wildcards: `*` is any run of characters, `?` exactly one. Iterative and greedy, so that the cost is at
 * most pattern × text; a regular expression made of the same pattern can take minutes for a hundred characters.
 */
export function matchesWildcard(
  pattern: string,
  text: string,
  literals: ReadonlySet<number> | undefined = undefined,
): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const wild = literals === undefined || !literals.has(p);
    if (wild && pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && ((wild && pattern[p] === "?") || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*" && !literals?.has(p)) p++;
  return p === pattern.length;
}
