import type { CreateTrailCommandInput, UpdateTrailCommandInput } from "@aws-sdk/client-cloudtrail";
import { ProtocolError } from "../../protocols/index.ts";

type Asked = Omit<CreateTrailCommandInput & UpdateTrailCommandInput, "Name" | "S3BucketName">;

interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Members whose promise could not be kept. They are refused, because a trail that ignored them would look safer than it is. */
const refusals: { readonly [Member in keyof Asked]?: Refusal } = {
  SnsTopicName: {
    code: "InvalidSnsTopicNameException",
    message: "Notifications by SNS are not available here; leave SnsTopicName out.",
  },
  CloudWatchLogsLogGroupArn: {
    code: "CloudWatchLogsDeliveryUnavailableException",
    message: "Delivery of trails to log groups is not available here; leave CloudWatchLogsLogGroupArn out.",
  },
  CloudWatchLogsRoleArn: {
    code: "CloudWatchLogsDeliveryUnavailableException",
    message: "Delivery of trails to log groups is not available here; leave CloudWatchLogsRoleArn out.",
  },
  KmsKeyId: {
    code: "InvalidKmsKeyIdException",
    message: "Log files are not encrypted with KMS keys here; leave KmsKeyId out.",
  },
  IsOrganizationTrail: {
    code: "OrganizationsNotInUseException",
    message:
      "This installation is one account and belongs to no organization; leave IsOrganizationTrail out.",
  },
  EnableLogFileValidation: {
    code: "UnsupportedOperationException",
    message: "Digest files are not available here; leave EnableLogFileValidation out.",
  },
};

/** False and empty text ask for nothing; that is how clients take a member away. */
export function refuseUnavailable(input: Partial<Asked>): void {
  for (const [member, { code, message }] of Object.entries(refusals)) {
    if (input[member as keyof Asked]) throw new ProtocolError(code, message);
  }
}
