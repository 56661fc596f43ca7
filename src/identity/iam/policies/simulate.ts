import type { ContextEntry, EvaluationResult, Statement } from "@aws-sdk/client-iam";
import type { ContextValue } from "../../../contract/index.ts";
import type { CompiledPolicy, CompiledStatement } from "../../policy/compile.ts";
import { type Applicable, findApplicable, type PolicyRequest } from "../../policy/decide.ts";
import { check, lengthOf, oneOf } from "../checks.ts";
import { iamErrors } from "../errors.ts";

/** A policy and what an answer calls it. */
export interface SimulatedPolicy {
  readonly compiled: CompiledPolicy;
  readonly sourceId: string;
}

export interface Simulation {
  readonly policies: readonly SimulatedPolicy[];
  /** What is allowed at most; undefined for no bound. */
  readonly boundary: readonly SimulatedPolicy[] | undefined;
}

/** What the policies say to one request, and which statements say it. */
export function simulate({ policies, boundary }: Simulation, request: PolicyRequest): EvaluationResult {
  const own = judge(policies, request);
  const bound = boundary && judge(boundary, request);
  const decisive = bound && bound.decision !== "allowed" && own.decision !== "explicitDeny" ? bound : own;
  const missing = new Set([
    ...own.applicable.missingContextKeys,
    ...(bound?.applicable.missingContextKeys ?? []),
  ]);
  return {
    EvalActionName: request.action,
    EvalResourceName: request.resource,
    EvalDecision: decisive.decision,
    MatchedStatements: decisive.matched,
    MissingContextValues: [...missing],
    ...(bound && {
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: bound.decision === "allowed" },
    }),
  };
}

interface Judgement {
  readonly applicable: Applicable;
  readonly decision: "allowed" | "explicitDeny" | "implicitDeny";
  /** Where one denies, those that allow decide nothing and are left out. */
  readonly matched: Statement[];
}

function judge(policies: readonly SimulatedPolicy[], request: PolicyRequest): Judgement {
  const applicable = findApplicable(
    policies.map(({ compiled }) => compiled),
    request,
  );
  const { denying, allowing } = applicable;
  const describe = (statement: CompiledStatement) => describeStatement(statement, policies);
  if (denying.length > 0) return { applicable, decision: "explicitDeny", matched: denying.map(describe) };
  const decision = allowing.length > 0 ? "allowed" : "implicitDeny";
  return { applicable, decision, matched: allowing.map(describe) };
}

function describeStatement(statement: CompiledStatement, policies: readonly SimulatedPolicy[]): Statement {
  const source = policies.find(({ compiled }) => compiled.statements.includes(statement));
  const { start, end } = statement.range;
  return {
    SourcePolicyId: source?.sourceId,
    // The real service says this of every identity policy, whatever its model lists.
    SourcePolicyType: "IAM Policy" as Statement["SourcePolicyType"] & string,
    StartPosition: { Line: start.line, Column: start.column },
    EndPosition: { Line: end.line, Column: end.column },
  };
}

const scalarTypes = ["string", "numeric", "boolean", "ip", "binary", "date"];
const listTypes = scalarTypes.map((type) => `${type}List`);

/** Values by condition key in lower case, as callers of the simulator give them. Throws ValidationError and InvalidInput. */
export function readContextEntries(entries: readonly ContextEntry[] = []): ReadonlyMap<string, ContextValue> {
  // Not an object's members: an assignment would lose the key __proto__ without a word.
  const context = new Map<string, ContextValue>();
  for (const [index, entry] of entries.entries()) {
    const { ContextKeyName: key = "", ContextKeyType: type, ContextKeyValues: values = [] } = entry;
    const name = `contextEntries.${index + 1}.member`;
    check(
      lengthOf(`${name}.contextKeyName`, key, 5, 256),
      oneOf(`${name}.contextKeyType`, type, [...scalarTypes, ...listTypes]),
    );
    check(...values.map((value) => lengthOf(`${name}.contextKeyValues`, value, 0, 2_048)));
    if (type?.endsWith("List")) {
      context.set(key.toLowerCase(), values);
      continue;
    }
    const [value, ...more] = values;
    if (value === undefined || more.length > 0) {
      throw iamErrors.invalidInput(`The context key ${key} needs one value, or a type that ends in List.`);
    }
    context.set(key.toLowerCase(), value);
  }
  return context;
}
