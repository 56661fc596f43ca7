import type { AuthenticationMethod, Credential, CredentialStatus, ProbeService } from "@nephoscope/contract";
import { IconFileText, IconKey, IconServer2, IconShieldLock, IconTimeline } from "@tabler/icons-react";
import { type Mood, StatusBadge } from "../../ui/status-badge.tsx";

/** Titles for what the server's options have not named yet. */
export const methodTitles: Record<AuthenticationMethod, string> = {
  default: "AWS SDK default",
  profile: "Credentials file",
  keys: "Access & secret key",
  instance: "Instance or container role",
  "web-identity": "Web identity (IRSA)",
};

const methodIcons = {
  default: IconTimeline,
  profile: IconFileText,
  keys: IconKey,
  instance: IconServer2,
  "web-identity": IconShieldLock,
};

export function MethodIcon({ method, size = 18 }: { method: AuthenticationMethod; size?: number }) {
  const Icon = methodIcons[method];
  return <Icon size={size} aria-hidden />;
}

const statuses: Record<CredentialStatus, { mood: Mood; label: string }> = {
  ok: { mood: "good", label: "Valid" },
  partial: { mood: "warning", label: "Partly valid" },
  failed: { mood: "bad", label: "Failing" },
  untested: { mood: "unknown", label: "Not tested" },
};
export const statusLabels = Object.entries(statuses).map(([value, { label }]) => ({ value, label }));

export function CredentialStatusBadge({ credential }: { credential: Credential }) {
  const { mood, label } = statuses[credential.status];
  return <StatusBadge mood={mood} label={label} detail={failureOf(credential)} />;
}

function failureOf(credential: Credential): string {
  const bad = credential.lastTest?.steps.find((step) => step.outcome === "failed");
  return bad === undefined ? "" : `${bad.title}: ${bad.message}`;
}

export const probeTitles: Record<ProbeService, string> = {
  monitoring: "CloudWatch metrics",
  logs: "CloudWatch Logs",
  ec2: "EC2",
  tagging: "Resource tags",
  s3: "S3",
  cloudtrail: "CloudTrail",
  iam: "IAM key age",
  ce: "Cost Explorer (about $0.01)",
};
