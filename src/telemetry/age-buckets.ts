const minute = 60;
const hour = 3_600;

/** Ages of points in seconds after the end of their period, as upper bounds of buckets; older ones are in the last. */
export const ageBounds: readonly number[] = [
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((minutes) => minutes * minute),
  ...[1, 2, 3, 4, 6, 9, 12, 18, 24, 27, 30, 36, 48, 51, 54, 60].map((hours) => hours * hour),
];

export function bucketOfAge(ageSeconds: number): number {
  for (let bucket = 0; bucket < ageBounds.length; bucket++)
    if (ageSeconds <= ageBounds[bucket]!) return bucket;
  return ageBounds.length - 1;
}

/** The first reading of a time may come long after its points did: beyond this age it says nothing about them. */
const punctualBucketMax = bucketOfAge(5 * minute);

export function bucketOfPunctual(ageSeconds: number): number {
  return Math.min(bucketOfAge(ageSeconds), punctualBucketMax);
}
