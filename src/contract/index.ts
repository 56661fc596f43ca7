/**
 * What clients see: schemas, record types, error codes and operation names. No I/O; everything here runs in a browser.
 */
export * from "./cloud-integration.ts";
export * from "./connection-test.ts";
export * from "./credential.ts";
export * from "./errors.ts";
export * from "./identity.ts";
export * from "./metric.ts";
export * from "./operations.ts";
export * from "./primitives.ts";
export * from "./regions.ts";
export * from "./role-setup.ts";
export * from "./run.ts";
