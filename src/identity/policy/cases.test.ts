import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { ContextValue } from "../../contract/index.ts";
import { type CompiledPolicy, compilePolicy } from "./compile.ts";
import { decide, type StatementRef } from "./decide.ts";
import { managedPolicies } from "./managed-policies.ts";
import { parsePolicyDocument, readPolicyDocument } from "./parse-document.ts";
import { PolicyProblem } from "./problem.ts";

/** The cases are data, so that who knows IAM can review them without reading code. */
interface CaseFile<Case> {
  readonly about: string;
  readonly policies?: Readonly<Record<string, unknown>>;
  readonly cases: readonly (Case & { readonly name: string })[];
}

interface ConditionCase {
  readonly condition: unknown;
  readonly context: Readonly<Record<string, ContextValue>>;
  readonly holds: boolean;
  /** Whether a Deny under this condition binds, where that is not whether it holds. */
  readonly denies?: boolean;
  /** What is said to who writes it now. */
  readonly refused?: string;
}

interface DecisionCase {
  readonly policies: readonly string[];
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, ContextValue>>;
  readonly outcome: string;
  /** `policy:Sid`, or `policy[index]` for a statement without one. */
  readonly by?: string;
  /** The Allow that came nearest, and its condition that failed. */
  readonly nearest?: string;
  readonly failed?: string;
  readonly missing?: readonly string[];
}

interface DocumentCase {
  readonly document: unknown;
  readonly problem?: string;
  readonly path?: string;
}

forEachFile<ConditionCase>("conditions", ({ cases }) => {
  for (const { name, condition, context, holds, denies = holds, refused } of cases) {
    const statement = (Effect: string) => ({ Effect, Action: "*", Resource: "*", Condition: condition });
    const ask = (...Statement: object[]) => {
      const text = JSON.stringify({ Version: "2012-10-17", Statement });
      const stored = compilePolicy({ name: "P", document: readPolicyDocument(text).document });
      return decide([stored], { action: "a:b", resource: "*", context: contextOf(context) }).outcome;
    };
    test(name, () => {
      const allowAll = { Effect: "Allow", Action: "*", Resource: "*" };
      assert.equal(ask(statement("Allow")), holds ? "allow" : "implicit-deny");
      assert.equal(ask(statement("Deny"), allowAll), denies ? "explicit-deny" : "allow");
      const write = () => compile("P", { Version: "2012-10-17", Statement: statement("Deny") });
      if (refused === undefined) write();
      else assert.throws(write, { name: "PolicyProblem", message: refused });
    });
  }
});

forEachFile<DecisionCase>("decisions", ({ policies: documents, cases }) => {
  const onBoard = Object.values(managedPolicies).map(({ compiled }) => compiled);
  const own = Object.entries(documents ?? {}).map(([name, document]) => compile(name, document));
  const byName = new Map([...onBoard, ...own].map((policy) => [policy.name, policy]));
  for (const one of cases) {
    test(one.name, () => {
      const policies = one.policies.map((name) => byName.get(name) ?? assert.fail(`no policy ${name}`));
      const { action, resource, context } = one;
      const decision = decide(policies, { action, resource, context: contextOf(context) });
      assert.equal(decision.outcome, one.outcome);
      assert.equal(nameOf(decision.statement), one.by);
      assert.deepEqual(decision.policiesChecked, one.policies);
      if (one.nearest) assert.equal(nameOf(decision.nearest), one.nearest);
      if (one.failed) assert.equal(decision.nearest?.condition, one.failed);
      if (one.missing) assert.deepEqual(decision.missingContextKeys, one.missing);
    });
  }
});

forEachFile<DocumentCase>("documents", ({ cases }) => {
  for (const { name, document, problem, path } of cases) {
    test(name, () => {
      const read = () => parsePolicyDocument(JSON.stringify(document));
      if (problem === undefined) return assert.ok(read().statements.length > 0);
      assert.throws(read, (error) => {
        assert.ok(error instanceof PolicyProblem);
        assert.deepEqual([error.message, error.path], [problem, path ?? ""]);
        return true;
      });
    });
  }
});

function forEachFile<Case>(folder: string, run: (file: CaseFile<Case>) => void): void {
  const url = new URL(`cases/${folder}/`, import.meta.url);
  for (const name of readdirSync(url)) {
    const file = JSON.parse(readFileSync(new URL(name, url), "utf8")) as CaseFile<Case>;
    describe(`${folder}/${name}: ${file.about}`, () => run(file));
  }
}

function compile(name: string, document: unknown): CompiledPolicy {
  return compilePolicy({ name, document: parsePolicyDocument(JSON.stringify(document)) });
}

function contextOf(entries: Readonly<Record<string, ContextValue>> = {}): Map<string, ContextValue> {
  return new Map(Object.entries(entries).map(([key, value]) => [key.toLowerCase(), value]));
}

function nameOf(statement: StatementRef | undefined): string | undefined {
  if (!statement) return undefined;
  const { policy, sid, index } = statement;
  return sid === undefined ? `${policy}[${index}]` : `${policy}:${sid}`;
}
