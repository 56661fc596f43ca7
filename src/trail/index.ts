/**
 * Audit: records of who did what in CloudTrail's format, their look-up, and their delivery to trails. It never decides who may
 * do what and never sees a secret. Invariants: an intent is on disk before its call is made; a record is delivered once it is
 * complete, nothing is skipped, and a crash repeats at most one file; one process at a time delivers a trail.
 */
export { type Buckets, createLocalBuckets } from "./delivery/buckets.ts";
export { trailIdentityOf } from "./identity.ts";
export { createTrail, type Trail, type TrailDeps } from "./trail.ts";
