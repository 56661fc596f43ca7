import type { ApiKey, User } from "../../../contract/index.ts";
import { at } from "./ids.ts";

export const user: User = {
  name: "alice",
  arn: "arn:aws:iam::000000000000:user/alice",
  policies: ["Proxies"],
  inlinePolicies: [],
  hasPassword: true,
  createdAt: at,
  lastSignInAt: null,
};

export const apiKey: ApiKey = {
  id: "ACCA0123456789ABCDEFG",
  userName: "log-sender",
  alias: "log-sender-at-000000000000",
  status: "Active",
  createdAt: at,
  expiresAt: null,
  lastUsedAt: null,
};
