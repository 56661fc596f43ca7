import type { AwsCall, AwsOperation, RequestFacts } from "../../contract/index.ts";
import type { OperationModel } from "../../protocols/index.ts";
import type { AwsService } from "./aws-services.ts";

/** A call whose caller is proven and whose input was read; nothing is allowed yet. */
export interface AwsInvocation {
  readonly service: AwsService;
  readonly operation: OperationModel;
  readonly served: AwsOperation<never, object>;
  readonly input: Readonly<Record<string, unknown>>;
  readonly call: AwsCall;
  readonly facts: RequestFacts;
  readonly tlsDetails?: Readonly<Record<string, string>> | undefined;
}
