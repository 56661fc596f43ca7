const minute = 60_000;

/**
 * The next turn of an integration: turns that were missed become one, which is now. Each integration has its own place in the
 * interval, which follows from its id, so that those created, changed or held up together spread out again. A turn that would
 * come right after this one is left out.
 */
export function nextTurn(now: number, refreshMinutes: number, integrationId: string): number {
  const interval = refreshMinutes * minute;
  const earliest = now + interval / 4;
  const place = Math.round(placeOf(integrationId) * interval);
  return place + Math.ceil((earliest - place) / interval) * interval;
}

/** From 0 to 1. Ids are random, but only in the bits that are not the version, hence the hash (FNV-1a). */
function placeOf(integrationId: string): number {
  let hash = 0x811c9dc5;
  for (const letter of integrationId) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}

/** When to try again after trouble that passes by itself: 30 s, doubling, at most the integration's interval. */
export function retryAt(now: number, failuresBefore: number, refreshMinutes: number, random: number): number {
  const delay = Math.min(30_000 * 2 ** Math.min(failuresBefore, 10), refreshMinutes * minute);
  return Math.round(now + delay * (0.75 + 0.25 * random));
}
