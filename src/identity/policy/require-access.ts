import { AppError } from "../../base/index.ts";
import {
  type AccessQuestion,
  type ContextValue,
  type OperationName,
  operationNames,
  type Principal,
} from "../../contract/index.ts";
import type { CompiledPolicy } from "./compile.ts";
import type { ContextLookup } from "./condition.ts";
import { decide, mayEverAllow, type PolicyRequest } from "./decide.ts";
import { denialText } from "./denial-text.ts";
import { managedPolicies } from "./managed-policies.ts";

/** What is known of the request itself; what is left out has no condition key. */
export interface AccessFacts {
  readonly sourceIp?: string;
  readonly userAgent?: string;
  readonly secure?: boolean;
  readonly nowMs?: number;
  readonly region?: string;
}

/**
 * Throws `access_denied` with AWS's text and its reasons. Root may do everything: were a Deny to bind it, nobody could take
 * that Deny back. A bare operation is asked on `*`.
 */
export function requireAccess(
  principal: Principal,
  policies: readonly CompiledPolicy[],
  question: AccessQuestion | OperationName,
  facts: AccessFacts = {},
): void {
  if (allowsAccess(principal, policies, question, facts)) return;
  const request = requestOf(principal, question, facts);
  const decision = decide(policies, request);
  const advice = decision.outcome === "explicit-deny" ? "" : remedy(request);
  throw new AppError("access_denied", {
    message: `${denialText(principal.arn, request, decision)}${advice}`,
    detail: { action: request.action, resource: request.resource, principal: principal.arn, decision },
  });
}

/** The same as a plain answer. */
export function allowsAccess(
  principal: Principal,
  policies: readonly CompiledPolicy[],
  question: AccessQuestion | OperationName,
  facts: AccessFacts = {},
): boolean {
  if (principal.kind === "root") return true;
  const { outcome } = decide(policies, requestOf(principal, question, facts));
  const unlessDenied = typeof question === "object" && question.unlessDenied;
  return outcome === "allow" || (unlessDenied === true && outcome !== "explicit-deny");
}

/** The operations that a caller may perform on something, for showing and hiding controls. */
export function allowedOperations(
  principal: Pick<Principal, "kind">,
  policies: readonly CompiledPolicy[],
): OperationName[] {
  if (principal.kind === "root") return [...operationNames];
  return operationNames.filter((operation) => mayEverAllow(policies, operation));
}

/** Without a principal the context has no key of the caller. */
export function requestOf(
  principal: Principal | undefined,
  question: AccessQuestion | OperationName,
  facts: AccessFacts,
): PolicyRequest {
  const { action, resource, context } =
    typeof question === "string" ? { action: question, resource: "*", context: undefined } : question;
  return { action, resource, context: lazily(() => contextOf(principal, facts, context)) };
}

/** Most policies ask for nothing, and then making the context is most of the work. */
function lazily(make: () => ContextLookup): ContextLookup {
  let made: ContextLookup | undefined;
  return {
    get: (key) => {
      made ??= make();
      return made.get(key);
    },
  };
}

/** The condition keys that AWS gives to every request, and those of the question. */
function contextOf(
  principal: Principal | undefined,
  { sourceIp, userAgent, secure, nowMs, region }: AccessFacts,
  own: AccessQuestion["context"] = {},
): ContextLookup {
  const entries: Readonly<Record<string, ContextValue | undefined>> = {
    ...own,
    ...(principal && keysOfCaller(principal)),
    "aws:PrincipalIsAWSService": false,
    "aws:ViaAWSService": false,
    "aws:SourceIp": sourceIp,
    "aws:UserAgent": userAgent,
    "aws:SecureTransport": secure,
    "aws:CurrentTime": nowMs === undefined ? undefined : new Date(nowMs).toISOString(),
    "aws:EpochTime": nowMs === undefined ? undefined : Math.floor(nowMs / 1000),
    "aws:RequestedRegion": region,
  };
  const context = new Map<string, ContextValue>();
  for (const [key, value] of Object.entries(entries)) {
    if (value !== undefined) context.set(key.toLowerCase(), value);
  }
  return context;
}

function keysOfCaller(principal: Principal): Readonly<Record<string, ContextValue | undefined>> {
  const isUser = principal.kind === "user";
  const { issuedAtMs } = principal.proof;
  return {
    "aws:username": isUser ? principal.name : undefined,
    "aws:userid": principal.id,
    "aws:PrincipalArn": principal.arn,
    "aws:PrincipalAccount": principal.accountId,
    "aws:PrincipalType": isUser ? "User" : "Account",
    "aws:ResourceAccount": principal.accountId,
    ...(issuedAtMs !== undefined && keysOfSession(issuedAtMs)),
  };
}

/** As on AWS, long-term keys have neither. */
function keysOfSession(issuedAtMs: number): Readonly<Record<string, ContextValue>> {
  return {
    "aws:TokenIssueTime": new Date(issuedAtMs).toISOString(),
    "aws:MultiFactorAuthPresent": false,
  };
}

/** The policies on board that would allow it, for whoever has to ask for one. */
function remedy(request: PolicyRequest): string {
  const sufficient = Object.values(managedPolicies).filter(
    ({ compiled }) => decide([compiled], request).outcome === "allow",
  );
  return ` Ask an administrator to attach ${sufficient.map(({ name }) => name).join(" or ")}.`;
}
