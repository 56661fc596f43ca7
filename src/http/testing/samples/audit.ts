import type { TrailEvent } from "../../../contract/index.ts";
import { at } from "./ids.ts";

export const trailEvent: TrailEvent = {
  id: "44444444-4444-4444-8444-444444444444",
  timestamp: at,
  category: "Data",
  source: "logs.amazonaws.com",
  name: "CallWithBearerToken",
  userName: "log-sender",
  accessKeyId: null,
  credentialId: "ACCAEXAMPLE0000000001",
  sourceIp: "192.0.2.7",
  userAgent: "curl/8.0",
  readOnly: false,
  errorCode: null,
  errorMessage: null,
  resources: [
    {
      type: "AWS::Logs::LogGroupAuthorization",
      arn: "arn:aws:logs:us-east-1:000000000000:log-group:/demo/app",
    },
  ],
  record: { eventVersion: "1.11" },
};
