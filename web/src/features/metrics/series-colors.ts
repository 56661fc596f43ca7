/**
 * Gives each series a place in the palette. One that had a place keeps it while it is shown, whatever comes and goes
 * beside it; new ones take the first free places, by name, so that a reload gives the same.
 */
export function allotPlaces(
  before: ReadonlyMap<string, number>,
  keys: readonly string[],
): Map<string, number> {
  const places = new Map<string, number>();
  const taken = new Set<number>();
  for (const key of keys) {
    const place = before.get(key);
    if (place === undefined || taken.has(place) || places.has(key)) continue;
    places.set(key, place);
    taken.add(place);
  }
  let free = 0;
  for (const key of keys.toSorted()) {
    if (places.has(key)) continue;
    while (taken.has(free)) free += 1;
    places.set(key, free);
    taken.add(free);
  }
  return places;
}
