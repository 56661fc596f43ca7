import type { CompiledPolicy, CompiledStatement } from "./compile.ts";
import { applies, type ContextLookup, type RequestContext, readContext } from "./condition.ts";
import { resolveTemplate, type Template } from "./template.ts";
import { matchesWildcard } from "./wildcard.ts";

export interface PolicyRequest {
  readonly action: string;
  /** An ARN, or `*` where the action knows no resources. */
  readonly resource: string;
  readonly context: ContextLookup;
}

/** Which statement is spoken of, in terms that its writer knows. */
export interface StatementRef {
  readonly policy: string;
  readonly policyArn?: string;
  readonly sid?: string;
  /** From 0. */
  readonly index: number;
}

/** A verdict with its reasons. */
export interface Decision {
  readonly outcome: "allow" | "explicit-deny" | "implicit-deny";
  /** The statement that decided; absent when none applied. */
  readonly statement?: StatementRef;
  /** The first Allow for this action and resource that did not apply, and the condition that did not hold. */
  readonly nearest?: StatementRef & { readonly condition: string };
  readonly policiesChecked: readonly string[];
  /** Condition keys that statements for this action and resource ask for and the request does not have. */
  readonly missingContextKeys: readonly string[];
}

/** IAM's order: a Deny that applies wins, then an Allow that applies, else it is denied for want of one. */
export function decide(policies: readonly CompiledPolicy[], request: PolicyRequest): Decision {
  const { denying, allowing, nearest, missingContextKeys } = findApplicable(policies, request);
  const statement = denying[0] ?? allowing[0];
  return {
    outcome: denying.length > 0 ? "explicit-deny" : allowing.length > 0 ? "allow" : "implicit-deny",
    ...(statement && { statement: refOf(statement) }),
    ...(nearest && !statement && { nearest }),
    policiesChecked: policies.map((policy) => policy.name),
    missingContextKeys,
  };
}

export interface Applicable {
  readonly denying: readonly CompiledStatement[];
  readonly allowing: readonly CompiledStatement[];
  readonly nearest: Decision["nearest"];
  readonly missingContextKeys: readonly string[];
}

/** Every statement that applies to a request, in the order of the policies. */
export function findApplicable(policies: readonly CompiledPolicy[], request: PolicyRequest): Applicable {
  const action = request.action.toLowerCase();
  const context = readContext(request.context);
  const denying: CompiledStatement[] = [];
  const allowing: CompiledStatement[] = [];
  const missing = new Map<string, string>();
  let nearest: Decision["nearest"];
  for (const { statements } of policies) {
    for (const statement of statements) {
      if (!coversAction(statement, action) || !coversResource(statement, request.resource, context)) continue;
      for (const { contextKey, key } of statement.conditions) {
        if (!context.values(contextKey)) missing.set(contextKey, key);
      }
      const failed = statement.conditions.find((condition) => !applies(condition, statement.effect, context));
      if (!failed) (statement.effect === "Deny" ? denying : allowing).push(statement);
      else if (statement.effect === "Allow") nearest ??= { ...refOf(statement), condition: failed.title };
    }
  }
  return { denying, allowing, nearest, missingContextKeys: [...missing.values()] };
}

/**
 * Whether there may be a resource and a context for which an action is allowed. For showing and hiding controls, never for
 * deciding: only a Deny without conditions on every resource rules an action out.
 */
export function mayEverAllow(policies: readonly CompiledPolicy[], actionName: string): boolean {
  const action = actionName.toLowerCase();
  const covering = policies.flatMap(({ statements }) =>
    statements.filter((statement) => coversAction(statement, action)),
  );
  const isAllowed = covering.some(({ effect }) => effect === "Allow");
  return isAllowed && !covering.some((statement) => statement.effect === "Deny" && isUnbounded(statement));
}

function isUnbounded({ resources, conditions }: CompiledStatement): boolean {
  const everything = resources.patterns.some((pattern) => pattern.constant?.text === "*");
  return conditions.length === 0 && everything && !resources.negated;
}

function coversAction({ actions }: CompiledStatement, action: string): boolean {
  return actions.patterns.some((pattern) => matchesWildcard(pattern, action)) !== actions.negated;
}

/** A pattern whose variable has no value matches nothing; in a NotResource it makes the statement cover nothing. */
function coversResource(
  { resources }: CompiledStatement,
  resource: string,
  context: RequestContext,
): boolean {
  const { negated, patterns } = resources;
  const matches = (pattern: Template): boolean => {
    const resolved = resolveTemplate(pattern, context.variable);
    return resolved ? matchesWildcard(resolved.text, resource, resolved.literals) : negated;
  };
  return patterns.some(matches) !== negated;
}

function refOf({ policy, policyArn, sid, index }: CompiledStatement): StatementRef {
  return { policy, ...(policyArn !== undefined && { policyArn }), ...(sid && { sid }), index };
}
