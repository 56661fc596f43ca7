import {
  managedPolicyNames,
  type OperationName,
  operationNames,
  operations,
} from "../../src/contract/index.ts";
import { listRoutes } from "../../src/http/index.ts";
import { managedPolicies, mayEverAllow } from "../../src/identity/index.ts";

/** `docs/reference/operations.md`: what each operation is, where it is called, and which managed policies allow it. */
export function renderOperations(): string {
  const routes = listRoutes();
  const rows = operationNames.map((name) => {
    const paths = routes
      .filter((route) => route.operation === name)
      .map(({ method, path }) => `\`${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}\``);
    const { summary, access } = operations[name];
    return `| \`${name}\` | ${summary} | ${access} | ${policiesAllowing(name).join(", ")} | ${paths.join("<br>")} |`;
  });
  return `# Operations

An operation's name is the id of its routes, the action in a policy, the name of its audit event and the label of its
metrics.

| Operation | What it does | Access | Allowed by | Routes |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function policiesAllowing(operation: OperationName): string[] {
  return managedPolicyNames.filter((name) => mayEverAllow([managedPolicies[name].compiled], operation));
}
