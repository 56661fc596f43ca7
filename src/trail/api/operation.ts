import type { Kysely } from "kysely";
import type { Clock } from "../../base/index.ts";
import type { AwsOperation } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { ProtocolError } from "../../protocols/index.ts";
import type { Buckets } from "../delivery/buckets.ts";
import type { LookUpDeps } from "../look-up.ts";
import { arnOfNameOrArn } from "../names.ts";
import type { RecordOrigin } from "../record.ts";

export interface ApiDeps extends LookUpDeps {
  readonly db: { readonly kysely: Kysely<Tables> };
  readonly buckets: Pick<Buckets, "check">;
  readonly clock: Clock;
  readonly origin: RecordOrigin;
}

export type Operations = Readonly<Record<string, AwsOperation<never, object>>>;

interface TrailOperation<Input, Output extends object> {
  readonly readOnly: boolean;
  /** The trail that the call is about, by name or ARN. */
  readonly trail: (input: Input) => string | undefined;
  /** Further actions that have to be allowed on it. */
  readonly alsoNeeds?: (input: Input) => readonly string[];
  readonly handle: AwsOperation<Input, Output>["handle"];
}

/**
 * The operations as callers reach them. A list may hold null, whatever its schema says; nothing here has a use for that. Throws
 * ValidationException.
 */
export function withoutNulls(operations: Operations): Operations {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => {
      const access = (...args: Parameters<typeof operation.access>) => {
        refuseNulls(args[0], "");
        return operation.access(...args);
      };
      return [name, { ...operation, access }];
    }),
  );
}

function refuseNulls(value: unknown, path: string): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const member = `${path}.${index + 1}.member`;
      if (item === null)
        throw new ProtocolError(
          "ValidationException",
          `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
        );
      refuseNulls(item, member);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      const member = name.charAt(0).toLowerCase() + name.slice(1);
      refuseNulls(item, path === "" ? member : `${path}.${member}`);
    }
  }
}

/** An operation on one trail: the caller has to be allowed the action of its name on the trail's ARN. */
export function onTrail<Input, Output extends object>(
  name: string,
  origin: RecordOrigin,
  operation: TrailOperation<Input, Output>,
): AwsOperation<Input, Output> {
  const arn = (input: Input) => arnOfNameOrArn(operation.trail(input) ?? "", origin);
  return {
    readOnly: operation.readOnly,
    audit: "management",
    access: (input) =>
      [name, ...(operation.alsoNeeds?.(input) ?? [])].map((action) => ({
        action: `cloudtrail:${action}`,
        resource: arn(input),
      })),
    resources: (input) => [{ type: "AWS::CloudTrail::Trail", ARN: arn(input) }],
    handle: operation.handle,
  };
}

/** A reading operation that is about no trail in particular. */
export function onAll<Input, Output extends object>(
  name: string,
  handle: AwsOperation<Input, Output>["handle"],
): AwsOperation<Input, Output> {
  return {
    readOnly: true,
    audit: "management",
    access: () => [{ action: `cloudtrail:${name}`, resource: "*" }],
    handle,
  };
}
