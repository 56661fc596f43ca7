import type { Log } from "../../base/index.ts";
import { type CompiledPolicy, compilePolicy } from "../policy/compile.ts";
import { managedPolicies } from "../policy/managed-policies.ts";
import { parsePolicyDocument, readPolicyDocument } from "../policy/parse-document.ts";

export interface PolicyCompiler {
  /** One of AWS's own, by its name; undefined when the server knows none of this name. */
  managed(name: string): CompiledPolicy | undefined;
  customer(policy: { name: string; arn?: string; text: string }): CompiledPolicy;
}

/** More texts than an account has policies; beyond it they are compiled again at each load. */
const cachedMax = 5_000;

/** Compiles what is stored, and each text once: most of a directory is the same after a change. */
export function createPolicyCompiler(deps: { log: Log }): PolicyCompiler {
  const managed = new Map<string, CompiledPolicy>(
    Object.values(managedPolicies).map((policy) => [policy.name, policy.compiled]),
  );
  const cached = new Map<string, CompiledPolicy>();
  return {
    managed: (name) => managed.get(name),
    customer: ({ name, arn, text }) => {
      const key = JSON.stringify([name, arn, text]);
      const known = cached.get(key);
      if (known) return known;
      const compiled = compileStored({ name, arn, text }, deps.log);
      if (cached.size >= cachedMax) cached.clear();
      cached.set(key, compiled);
      return compiled;
    },
  };
}

/**
 * Documents are checked before they are stored, so one that cannot be read was written by another version or by hand. What it
 * may have denied is unknown: it denies everything. Of one in which only values of conditions cannot be read, the statements
 * that deny by them do so always.
 */
function compileStored(
  { name, arn, text }: { name: string; arn: string | undefined; text: string },
  log: Log,
): CompiledPolicy {
  try {
    const { document, brokenValues } = readPolicyDocument(text);
    for (const { problem, incomparable } of brokenValues) {
      const effect = incomparable ? "where it denies, it denies always" : "this value matches nothing";
      log.warn(`A stored policy has a condition that cannot be read; ${effect}.`, {
        policy: name,
        problem: problem.message,
      });
    }
    return compilePolicy({ name, arn, document });
  } catch (error) {
    log.error("A stored policy cannot be read; whoever has it may do nothing.", { policy: name, error });
    return compilePolicy({ name, arn, document: parsePolicyDocument(denyEverything) });
  }
}

const denyEverything = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Sid: "UnreadablePolicy", Effect: "Deny", Action: "*", Resource: "*" },
});
