const minute = 60_000;

/**
 * The next turn of an integration: turns that were missed become one, which is now. A few percent of jitter each time let
 * integrations that were created together drift apart.
 */
export function nextTurn(now: number, turn: number, refreshMinutes: number, random: number): number {
  const interval = refreshMinutes * minute;
  const missed = Math.max(0, Math.floor((now - turn) / interval));
  return Math.round(turn + missed * interval + interval * (0.95 + 0.1 * random));
}

/** When to try again after trouble that passes by itself: 30 s, doubling, at most the integration's interval. */
export function retryAt(now: number, failuresBefore: number, refreshMinutes: number, random: number): number {
  const delay = Math.min(30_000 * 2 ** Math.min(failuresBefore, 10), refreshMinutes * minute);
  return Math.round(now + delay * (0.75 + 0.25 * random));
}
