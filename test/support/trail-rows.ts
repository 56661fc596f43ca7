import { randomUUID } from "node:crypto";
import type { TrailEventRow } from "../../src/telemetry/index.ts";

/** The row of an audit record, complete unless told otherwise. */
export function trailRow(more: Partial<TrailEventRow> = {}): TrailEventRow {
  return {
    eventId: randomUUID(),
    eventTimeMs: Date.UTC(2026, 9, 1, 12),
    category: "Management",
    eventSource: "iam.amazonaws.com",
    eventName: "CreateUser",
    readOnly: false,
    userName: "alice",
    accessKeyId: "AKIDALICE",
    credentialId: "",
    sourceIp: "192.0.2.7",
    errorCode: "",
    resourceTypes: ["AWS::IAM::User"],
    resourceNames: ["arn:aws:iam::1:user/bob", "bob"],
    complete: true,
    record: '{"eventVersion":"1.11"}',
    ...more,
  };
}
