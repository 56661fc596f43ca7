/**
 * Noise without state: every value is a function of a seed and a position, so that two reads of the same
 * minute agree and nothing needs to be stored.
 */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return finish(hash);
}

/** Float in [0, 1) for position `n` of the stream that `seed` names. */
export function unit(seed: number, n: number): number {
  const low = Math.imul((n >>> 0) ^ 0x9e3779b9, 0x85ebca6b);
  const high = Math.imul(Math.floor(n / 2 ** 32) ^ 0x7f4a7c15, 0xc2b2ae35);
  return finish(seed ^ low ^ high) / 2 ** 32;
}

/** Float in [-1, 1) that wanders: knots every `spacing` positions, joined smoothly. */
export function wander(seed: number, position: number, spacing: number): number {
  const knot = Math.floor(position / spacing);
  const fraction = position / spacing - knot;
  const eased = fraction * fraction * (3 - 2 * fraction);
  return (unit(seed, knot) * (1 - eased) + unit(seed, knot + 1) * eased) * 2 - 1;
}

/** One of `items`, always the same for the same seed and position. */
export function pick<T>(seed: number, n: number, items: readonly [T, ...T[]]): T {
  return items[Math.floor(unit(seed, n) * items.length)] ?? items[0];
}

function finish(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
