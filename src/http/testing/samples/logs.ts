import type { LogEvent, LogGroup, LogRejection, LogStream } from "../../../contract/index.ts";
import { apiKey } from "./identity.ts";
import { at } from "./ids.ts";

export const logGroup: LogGroup = {
  name: "/demo/app",
  arn: "arn:aws:logs:us-east-1:000000000000:log-group:/demo/app",
  createdAt: at,
  retentionDays: 30,
  bearerTokenAuthenticationEnabled: true,
  deletionProtectionEnabled: false,
  storedBytes: 5,
  tags: {},
  lastEventAt: at,
};

export const logStream: LogStream = {
  name: "web-1",
  createdAt: at,
  firstEventAt: at,
  lastEventAt: at,
  lastIngestionAt: at,
};

export const logEvent: LogEvent = {
  id: "1",
  timestamp: at,
  timestampMs: Date.parse(at),
  ingestionTime: at,
  stream: logStream.name,
  message: "hello",
};

export const logRejection: LogRejection = {
  group: logGroup.name,
  keyId: apiKey.id,
  reason: "too_old",
  count: 1,
  lastAt: at,
  lastSample: "hello",
};
