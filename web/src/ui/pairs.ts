/** A map of texts as rows, the way it is edited. */
export interface Pair {
  key: string;
  value: string;
}

export const pairsOf = (map: Record<string, string>): Pair[] =>
  Object.entries(map).map(([key, value]) => ({ key, value }));

/** Rows without a key are not there yet. */
export const mapOf = (pairs: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(pairs.filter((pair) => pair.key !== "").map((pair) => [pair.key, pair.value]));
