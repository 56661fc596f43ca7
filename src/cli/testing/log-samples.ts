import type { LogEvent, LogGroup } from "../../contract/index.ts";

export const sampleGroup: LogGroup = {
  name: "/shop/web",
  arn: "arn:aws:logs:us-east-1:000000000000:log-group:/shop/web",
  createdAt: "2026-11-20T12:00:00Z",
  retentionDays: 30,
  bearerTokenAuthenticationEnabled: true,
  deletionProtectionEnabled: false,
  storedBytes: 1536,
  tags: {},
  lastEventAt: "2026-11-21T11:57:00Z",
};

export function sampleEvent(message: string, secondsAgo = 60): LogEvent {
  const timestampMs = Date.parse("2026-11-21T12:00:00Z") - secondsAgo * 1000;
  const timestamp = new Date(timestampMs).toISOString();
  return { id: message, timestamp, timestampMs, ingestionTime: timestamp, stream: "web-1", message };
}
